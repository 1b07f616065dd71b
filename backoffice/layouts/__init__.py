"""Receipt layouts: their versions, and the editor with the very slip that tills print."""

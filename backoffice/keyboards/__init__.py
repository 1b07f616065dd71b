"""Till keyboards: the list, and the editor with the very keys that tills paint."""

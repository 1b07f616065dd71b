"""Questions to the sales."""

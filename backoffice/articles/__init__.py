"""Articles and their prices."""

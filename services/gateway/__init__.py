"""Head office answers its tills."""

"""The overview, and what is live on it."""

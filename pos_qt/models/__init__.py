"""Item models and how their rows are painted."""

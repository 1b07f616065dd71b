"""The till's face and hands."""

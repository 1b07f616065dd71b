"""Pretend parts of the world: a chain in one process, a bad line."""

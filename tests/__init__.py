"""The tests: the same tree again, and stories across till and head office."""

"""The calls a till can make to head office."""

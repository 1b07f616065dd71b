"""The sample chain, for everyone to try."""

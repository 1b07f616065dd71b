"""What data looks like: one frozen dataclass a document, its XSD beside it, the same on till, wire and office."""

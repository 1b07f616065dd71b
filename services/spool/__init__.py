"""Sales, up: upload at the till, ingest at head office."""

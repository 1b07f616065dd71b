"""Master data, down: publish at head office, download at the till."""

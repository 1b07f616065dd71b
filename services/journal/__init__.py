"""Never lose a sale: the till's entries and its basket in hand, durable on disk."""

"""Receipts by e-mail: the queue at head office, the letter, and the way to the post office."""

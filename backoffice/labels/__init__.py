"""Shelf labels: those that are due, on paper and for label printers."""

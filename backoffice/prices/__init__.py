"""Prices side by side, and when they change by themselves."""

"""Importing in the browser and beside it."""

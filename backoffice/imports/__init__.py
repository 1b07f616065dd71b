"""Importing articles in the browser."""

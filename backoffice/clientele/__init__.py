"""Customers in the browser."""

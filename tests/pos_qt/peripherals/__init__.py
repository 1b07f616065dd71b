"""Devices: each driver against a pretend device that speaks the same bytes."""

"""Bytes that survive a power cut, and which folder of a till holds what."""

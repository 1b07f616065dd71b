"""Tests of head office in the browser."""

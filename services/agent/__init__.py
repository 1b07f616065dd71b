"""The till, unattended."""

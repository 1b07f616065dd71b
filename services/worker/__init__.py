"""Head office, unattended."""

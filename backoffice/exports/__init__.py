"""Every list as a file: CSV and XLSX."""

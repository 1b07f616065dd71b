"""Taking articles in from files that people have: CSV and XLSX, with all their faults."""

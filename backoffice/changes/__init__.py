"""Change sets, the audit log, and the history of every record."""

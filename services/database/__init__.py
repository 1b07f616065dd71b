"""Head office's SQL, one module a subject."""

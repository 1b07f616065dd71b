"""Master data on the till: signed XML, and an index derived from it."""

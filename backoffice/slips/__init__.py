"""The slip as a customer sees it, by the address that was shown at the till."""

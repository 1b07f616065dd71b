"""Head office's pages about taxes: classes, zones, and their rates from a day on."""

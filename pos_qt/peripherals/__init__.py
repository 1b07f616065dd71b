"""What is plugged into a till: printer, drawer, scanner."""

"""What is plugged into a till: card terminal, scale, scanner, display, printer, drawer."""

"""One file a screen: it shows what it is told and says by signal what the cashier did."""

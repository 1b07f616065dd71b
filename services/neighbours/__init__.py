"""The tills of a branch among themselves: parked sales pass from one to another."""

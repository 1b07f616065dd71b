"""What happens: one room a step of the data's journey."""

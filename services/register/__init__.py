"""What may happen at a till? Rules without screen, disk or clock."""

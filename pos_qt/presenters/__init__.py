"""What screens show and do, without Qt."""

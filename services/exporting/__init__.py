"""What leaves head office for other programs: lists as files, and messages of what happens."""

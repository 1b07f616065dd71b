"""What does this basket cost? Plain functions over documents."""

"""The till's look: fonts, icons, pictures and one style sheet from the design's tokens."""

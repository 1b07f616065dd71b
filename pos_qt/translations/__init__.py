"""The till's words in German, English and Spanish."""

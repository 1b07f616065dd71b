"""People: who signs in to head office, who sells at the tills, and what each may."""

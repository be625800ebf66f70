"""A supply network at a base date, balanced."""

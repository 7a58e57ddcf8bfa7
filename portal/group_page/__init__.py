"""A group's own page."""

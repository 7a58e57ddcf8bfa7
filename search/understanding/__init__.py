"""What somebody meant by what they typed: place, filters, spelling, needs and activities, urgent help."""

from search.understanding.reading import understand

__all__ = ["understand"]

"""All groups of a place, A to Z."""

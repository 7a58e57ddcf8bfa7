"""Whether the site is well, for whoever watches it."""

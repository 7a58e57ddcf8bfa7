"""Pages of the places where groups meet."""

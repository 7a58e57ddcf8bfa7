"""What the search box asks while somebody types."""

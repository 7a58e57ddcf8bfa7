"""Calendar files of a group and of a session."""

"""Where moderators look at what groups send."""

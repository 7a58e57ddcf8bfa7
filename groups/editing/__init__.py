"""How a group's own people change its listing: by topic, over its latest draft, merged field by field."""

"""My group: where a group's own people keep its page right."""

"""What goes, and when: groups that close, people who leave, and what is too old to be kept (docs/leaving.md)."""

"""Whether the websites of groups and organisations still answer (`docs/links.md`)."""

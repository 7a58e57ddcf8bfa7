"""What visitors say is wrong on a group's page, from the first word to the answer (`docs/problems.md`)."""

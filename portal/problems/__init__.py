"""A visitor says what is wrong on a group's page; staff see to it."""

"""Kept true: who is asked when whether a page is still right, and what happens when nobody answers (`docs/kept-true.md`)."""

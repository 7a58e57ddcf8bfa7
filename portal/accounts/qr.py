"""A square to point a phone at."""

import segno


def picture_of(text: str) -> str:
    """A QR code as an address of its own (`data:`), so that it needs no file and no script."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")

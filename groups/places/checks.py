"""The system check that the postcode and place files are there."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from groups.places import place_file, postcode_file
from groups.places.column_file import read_facts


@register()
def places_are_loaded(**_kwargs: Any) -> list[CheckMessage]:
    """``waymark.W001`` for each file that is missing or of another version."""
    files = (
        ("postcodes", postcode_file.path(), postcode_file.FORMAT, "load_postcodes"),
        ("places", place_file.path(), place_file.FORMAT, "load_places"),
    )
    messages: list[CheckMessage] = []
    for what, path, version, command in files:
        facts = read_facts(path)
        if facts is None or facts.get("format") != version:
            messages.append(
                Warning(
                    f"No {what} are loaded, so searches near a place find nothing.",
                    hint=f"Run: python manage.py {command}",
                    id="waymark.W001",
                )
            )
    return messages

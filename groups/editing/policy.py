"""What goes live at once and what waits for a moderator. Staff set it; the default is issue 6's."""

import re
from collections.abc import Iterable

from wagtail.models import Site

from groups.editing.differences import ROW_MODELS, Change
from groups.editing.models import CheckingSettings, Trust
from groups.editing.parts import part_of
from groups.listings.models import GroupPage

REACHES_OUT = re.compile(
    r"https?:\S+|www\.\S+|[\w.+-]{1,64}@\S+|[\w-]{1,63}\.(?:com|org|net|uk|info|io)\b\S*|(?:\+44|\b0)[\d ]{9,}",
    re.IGNORECASE,
)
"""A web address, an e-mail address or a phone number."""


def safe_parts(page: GroupPage) -> frozenset[str]:
    """The parts that staff let go live at once, for the site of this page."""
    site = page.get_site() or Site.objects.filter(is_default_site=True).first()
    settings = CheckingSettings.for_site(site) if site else CheckingSettings()
    return frozenset(CheckingSettings._meta.get_field("safe_parts").to_python(settings.safe_parts))


def split(page: GroupPage, changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """The changes that may go live now, and those that wait.

    Nothing of a page that was never published, or whose group is not trusted, goes live by itself.
    """
    changes = list(changes)
    if not page.live or not Trust.holds_for(page.uid):
        return [], changes
    safe = safe_parts(page)
    now = [change for change in changes if part_of(change.part) in safe and not _brings_a_link(change)]
    return now, [change for change in changes if change not in now]


def _brings_a_link(change: Change) -> bool:
    """Words in a safe part that point elsewhere wait like a contact does."""
    if change.part in ROW_MODELS and isinstance(change.after, dict):
        return any(
            _new_address("", value) for key, value in change.after.items() if key in _words_of(change.part)
        )
    return _new_address(change.before, change.after)


def _words_of(part: str) -> set[str]:
    return {
        field.name
        for field in ROW_MODELS[part]._meta.get_fields()
        if field.concrete and field.get_internal_type() in ("CharField", "TextField") and not field.choices
    }


def _new_address(before: object, after: object) -> bool:
    if not isinstance(after, str):
        return False
    return bool(set(REACHES_OUT.findall(after)) - set(REACHES_OUT.findall(str(before or ""))))

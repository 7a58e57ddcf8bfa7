"""What a reminder asks to look at: only what anyone may see, as questions and answers."""

from datetime import date

from django.utils.translation import gettext as _

from groups.listings.public import PublicListing, PublicSession
from portal.group_page.facts import (
    Row,
    access_of,
    capacity_of,
    first_visit,
    join_row,
    referral_rows,
    served_words,
)
from portal.words import cost_words, where_words, who_words


def basics(listing: PublicListing, today: date) -> list[Row]:
    """When, where, cost, contact; space where its answer still counts: else it is asked."""
    space = capacity_of(listing, today)
    return [
        Row(_("When and where"), _lines([*(_session(one) for one in listing.sessions), listing.times_note])),
        Row(_("Cost"), cost_words(listing)),
        Row(_("How to join"), join_row(listing)),
        Row(
            _("Contact"),
            _lines([" – ".join(filter(None, (one.value, one.label))) for one in listing.contacts]),
        ),
        *([Row(_("Space"), space)] if space else []),
    ]


def the_rest(listing: PublicListing) -> list[Row]:
    """Everything else on the page, for the yearly look."""
    access = access_of(listing)
    answers = [
        Row(_("Access: yes"), _list(one.label for one in access.yes)),
        Row(_("Access: ask us"), _list(one.label for one in access.ask)),
        Row(_("Access: no"), _list(one.label for one in access.no)),
        Row(_("Access: not said yet"), _list(access.unknown)),
    ]
    return [
        Row(_("In one sentence"), listing.summary),
        Row(_("About the group"), listing.description),
        Row(_("What you do"), _list(one.label for one in listing.activities if not one.suggested)),
        Row(_("What it helps with"), _list(one.label for one in listing.needs if not one.suggested)),
        Row(_("Who it is for"), who_words(listing)),
        Row(_("Where people may live"), served_words(listing.served)),
        Row(_("Languages"), _list(one.label for one in listing.languages)),
        Row(_("Getting there"), listing.getting_there),
        *(row for row in first_visit(listing) if row.label != _("Cost")),
        *(row for row in answers if row.value),
        *referral_rows(listing),
        Row(_("Who runs it"), listing.organisation),
    ]


def _session(session: PublicSession) -> str:
    return ", ".join(filter(None, (session.label, session.words, where_words(session, session.place))))


def _lines(parts) -> str:
    return "\n".join(part for part in parts if part)


def _list(parts) -> str:
    return ", ".join(str(part) for part in parts)

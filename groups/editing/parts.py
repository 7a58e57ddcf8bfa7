"""The parts of a listing by name, as staff's setting and every comparison show them."""

from django.utils.translation import gettext_lazy as _

PARTS: list[tuple[str, object]] = [
    ("title", _("Name of the group")),
    ("summary", _("In one sentence")),
    ("description", _("About the group")),
    ("organisation", _("Who runs it")),
    ("activities", _("What you do")),
    ("needs", _("What it helps with")),
    ("tagged_items", _("Tags")),
    ("circumstances", _("Who it is for")),
    ("age_min", _("Youngest age")),
    ("age_max", _("Oldest age")),
    ("gender", _("Open to")),
    ("languages", _("Languages spoken")),
    ("children_young_people", _("For children or young people")),
    ("outdoors_nature", _("Outdoors or in nature")),
    ("served_areas", _("Where people may live")),
    ("sessions", _("When you meet")),
    ("times_note", _("Times in words")),
    ("area_name", _("Area people may know")),
    ("getting_there", _("Getting there")),
    ("cost_kind", _("Cost")),
    ("cost_amount", _("Price in pounds")),
    ("cost_note", _("More about cost")),
    ("joining_kind", _("How to join")),
    ("joining_note", _("More about joining")),
    ("access_answers", _("Access")),
    ("first_visit_welcome", _("Who meets you")),
    ("bring_someone", _("Can I bring someone?")),
    ("first_visit_note", _("What else to know")),
    ("contacts", _("Contacts")),
    ("accepts_referrals", _("Takes people from link workers")),
    ("referral_how", _("How to send someone")),
    ("safeguarding_lead", _("Named safeguarding lead")),
    ("dbs_note", _("DBS checks")),
    ("photos", _("Photos")),
]

LABELS = dict(PARTS)

SAFE_BY_DEFAULT = (
    "sessions", "times_note", "area_name", "getting_there", "cost_kind", "cost_amount", "cost_note", "joining_kind",
    "joining_note", "access_answers", "first_visit_welcome", "bring_someone", "first_visit_note", "languages",
)  # fmt: skip
"""Times, access and the like. Name, what it is, who for, contacts, links and photos wait (issue 6, "Checking")."""

DERIVED = {
    "area_latitude": "area_name",
    "area_longitude": "area_name",
    "suggested_activities": "activities",
    "suggested_needs": "needs",
}
"""Parts that follow another one, and go where it goes."""


def part_of(name: str) -> str:
    """The part whose rule holds for this field of the page."""
    return DERIVED.get(name, name)

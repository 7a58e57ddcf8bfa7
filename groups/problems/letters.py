"""Who hears of a problem, by e-mail.

What the visitor wrote is in none of them: it may be about somebody's health, name a place that must not be found, or be
bait in our name. Staff and the group read it after signing in.
"""

from groups.checking.reach import moderators_for
from groups.listings.choices import LocationVisibility
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.queries import members_of, moderators
from groups.problems.models import Kind, Problem


def to_staff(problem: Problem, page: GroupPage) -> None:
    """To those who check this group's pages; a worry about safety to all."""
    people = moderators() if problem.kind == Kind.SAFETY else moderators_for(page.uid)
    for user in people:
        queue_mail("problem_for_staff", to=user.email, context=_context(problem, page))


def to_group(problem: Problem, page: GroupPage) -> None:
    """To the people of the group."""
    for address in sorted({member.user.email for member in members_of(page)}):
        queue_mail("problem_for_group", to=address, context=_context(problem, page))


def to_reporter(problem: Problem, page: GroupPage | None, note: str) -> None:
    """What came of it. A group whose place is hidden is not named: somebody else may read their e-mail."""
    name = page.title if page and not _is_hidden(page) else ""
    context = {"reference": problem.reference, "group": name, "note": note}
    queue_mail("problem_closed", to=problem.email, context=context)


def _context(problem: Problem, page: GroupPage) -> dict[str, object]:
    return {
        "uid": page.uid,
        "group": page.title,
        "reference": problem.reference,
        "what": problem.get_kind_display(),
        "is_safety": problem.kind == Kind.SAFETY,
    }


def _is_hidden(page: GroupPage) -> bool:
    facts = GroupFacts.objects.filter(group_uid=page.uid).first()
    return facts is not None and facts.location_visibility == LocationVisibility.HIDDEN

"""Role × address: every address of ours, and a listed set of the admin's. An address without a row fails.

An answer is a refusal when it is 403, or a way to the sign-in page, or (at the admin) to My group or the admin's front page.
Looking (GET) and pressing (POST) have rows of their own; an address that only takes presses has no row for looking.
"""

import uuid
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone

from groups.admin.roles import ensure_roles
from groups.editing.models import Proposal, ProposalKind
from groups.listings.facts import close_between
from groups.mail.models import QueuedMail, State
from groups.mail.outbox import queue_mail
from groups.models import Activity, Membership, Need
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.problems.verbs import report
from groups.reviews.links import key_for
from groups.reviews.models import ReviewStep
from portal.urls import urlpatterns
from tests.factories import (
    ActivityFactory,
    GroupPageFactory,
    GroupSessionFactory,
    NeedFactory,
    OrganisationFactory,
    UserFactory,
    VenueFactory,
)

ROLES = (
    "visitor", "editor", "lead", "former member", "other group's lead", "link worker", "supporter", "moderator", "admin",
)  # fmt: skip
EVERYONE = frozenset(ROLES)
SIGNED_IN = EVERYONE - {"visitor"}
MEMBERS = frozenset({"editor", "lead"})
STAFF = frozenset({"moderator", "admin"})
KEEPERS = MEMBERS | STAFF
LEADERS = frozenset({"lead"}) | STAFF
ADMIN = frozenset({"admin"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """who: roles that are let in. args: names of the world's things. get, post: what is sent."""

    who: frozenset[str]
    args: tuple[str, ...] = ()
    get: dict[str, str] = field(default_factory=dict)
    post: dict[str, str] | None = None


LOOK: dict[str, Row] = {
    # for everyone
    **{
        name: Row(EVERYONE)
        for name in (
            "accessibility",
            "privacy",
            "robots",
            "sitemap_index",
            "display",
            "health",
            "contact",
            "urgent_help",
            "search",
            "style_guide",
            "suggest",
            "place_at",
            "activities",
            "needs",
            "whats_on",
            "mail",
            "sign_in",
            "sign_in_code",
            "sign_in_link",
        )
    },
    "admin_login": Row(STAFF | {"visitor"}),
    "sitemap": Row(EVERYONE, ("section",)),
    "group_calendar": Row(EVERYONE, ("group",)),
    "session_calendar": Row(EVERYONE, ("group", "session")),
    "rendition": Row(EVERYONE, ("picture",)),
    "activity": Row(EVERYONE, ("activity",)),
    "need": Row(EVERYONE, ("need",)),
    "venue": Row(EVERYONE, ("venue_slug", "venue")),
    "invitation": Row(EVERYONE, get={"key": "invitation_key"}),
    "report_problem": Row(EVERYONE, ("group",)),
    "still_right": Row(EVERYONE, get={"key": "review_key"}),
    # for anybody who signed in
    **{
        name: Row(SIGNED_IN)
        for name in (
            "account",
            "account_name",
            "account_delete",
            "account_download",
            "account_email",
            "account_email_code",
            "account_email_link",
            "account_password",
            "second_step",
            "set_up_second_step",
            "my_groups",
            "my_group_start",
        )
    },
    "claim": Row(SIGNED_IN, ("group",)),
    # for those who keep the group
    "people": Row(KEEPERS, ("kind", "group")),
    "my_group": Row(KEEPERS, ("group",)),
    "my_group_draft": Row(KEEPERS, ("group",)),
    "my_group_history": Row(KEEPERS, ("group",)),
    "my_group_throw_away": Row(KEEPERS, ("group",)),
    "my_group_problems": Row(KEEPERS, ("group",)),
    "my_group_today": Row(KEEPERS, ("group", "today")),
    "my_group_venue": Row(KEEPERS, ("group", "venue")),
    "my_group_step": Row(KEEPERS, ("group", "step")),
    "my_group_new_row": Row(KEEPERS, ("group", "row_step")),
    "my_group_row": Row(KEEPERS, ("group", "row_step", "session")),
    # for the lead
    "my_group_closing": Row(LEADERS, ("group",)),
    "change_member": Row(LEADERS, ("kind", "group", "remove", "editor_membership")),
    # for moderators
    "called": Row(STAFF | {"link worker"}, ("group",)),
    "checking": Row(STAFF),
    "checking_problems": Row(STAFF),
    "checking_problem": Row(STAFF, ("problem",)),
    "checking_group": Row(STAFF, ("group",)),
    "waymark_today": Row(STAFF, ("group",)),
    "waymark_claim": Row(STAFF, ("claim",)),
    **{
        f"waymark_report_{slug}{part}": Row(STAFF)
        for slug in (
            "claims",
            "leaderless",
            "came-back",
            "checks",
            "missing",
            "suggested",
            "duplicates",
            "gaps",
            "websites",
            "unsent",
        )
        for part in ("", "_results")
    },
    # a listed set of Wagtail's own
    "wagtailadmin_home": Row(STAFF),
    "wagtailadmin_account": Row(STAFF),
    "wagtailadmin_explore_root": Row(STAFF),
    "wagtailadmin_pages:edit": Row(STAFF, ("page",)),
    "wagtailadmin_pages:history": Row(STAFF, ("page",)),
    "wagtailsnippets_groups_organisation:list": Row(STAFF),
    "wagtailsnippets_groups_need:add": Row(STAFF),
    "wagtailimages:index": Row(STAFF),
    "wagtailusers_users:index": Row(ADMIN),
    "wagtailusers_users:add": Row(ADMIN),
    "wagtailusers_groups:index": Row(ADMIN),
    "wagtailsites:index": Row(ADMIN),
    "wagtailadmin_workflows:index": Row(ADMIN),
}

PRESS: dict[str, Row] = {
    "display": Row(EVERYONE, post={"text": "larger"}),
    "sign_in": Row(EVERYONE, post={"email": "new@example.org"}),
    "sign_in_link": Row(EVERYONE, post={"key": "x"}),
    "sign_out": Row(EVERYONE, post={}),
    "demo_sign_in": Row(NOBODY, post={"email": "admin@waymark.example"}),
    "still_right": Row(EVERYONE, post={"key": "review_key"}),
    "account_delete": Row(SIGNED_IN, post={}),
    "account_email": Row(SIGNED_IN, post={"email": "new@example.org"}),
    "account_email_link": Row(SIGNED_IN, post={"key": "x"}),
    "account_name": Row(SIGNED_IN, post={"name": "Somebody"}),
    "account_password": Row(SIGNED_IN, post={"password": "three quiet words"}),
    "backup_codes": Row(SIGNED_IN, post={}),
    "claim": Row(SIGNED_IN, ("group",), post={"evidence": "Me."}),
    "my_group_start": Row(SIGNED_IN, post={"name": "Chess", "summary": "We play.", "near": "Chelmsford"}),
    "report_problem": Row(EVERYONE, ("group",), post={"kind": "fact", "words": "Wrong."}),
    "my_group_still_right": Row(KEEPERS, ("group",), post={}),
    "my_group_send": Row(KEEPERS, ("group",), post={}),
    "my_group_throw_away": Row(KEEPERS, ("group",), post={}),
    "my_group_take_back": Row(KEEPERS, ("group",), post={"undo": "closure_record"}),
    "my_group_today": Row(KEEPERS, ("group", "today"), post={"capacity": "full"}),
    "my_group_step": Row(KEEPERS, ("group", "step"), post={"summary": "New words."}),
    "my_group_row": Row(KEEPERS, ("group", "row_step", "session"), post={"remove": "1"}),
    "my_group_venue": Row(KEEPERS, ("group", "venue"), post={"name": "Another name"}),
    "my_group_closing": Row(LEADERS, ("group",), post={"do": "close"}),
    "people": Row(LEADERS, ("kind", "group"), post={"email": "new@example.org"}),
    "change_invitation": Row(LEADERS, ("kind", "group", "invitation"), post={"do": "take_back"}),
    "change_member": Row(LEADERS, ("kind", "group", "hand_over", "editor_membership"), post={}),
    "called": Row(STAFF | {"link worker"}, ("group",), post={"do": "right"}),
    "checking_seen": Row(STAFF, post={}),
    "checking_problem": Row(STAFF, ("problem",), post={"do": "pass"}),
    "my_group_problems": Row(KEEPERS, ("group",), post={"reference": "problem", "note": "Done."}),
    "checking_group": Row(STAFF, ("group",), post={}),
    "checking_proposal": Row(STAFF, ("proposal",), post={}),
    "waymark_today": Row(STAFF, ("group",), post={"form": "confirm"}),
    "waymark_accept": Row(STAFF, ("page",), post={}),
    "waymark_claim": Row(STAFF, ("claim",), post={"approve": "1"}),
    "waymark_send_again": Row(STAFF, ("unsent",), post={}),
    "wagtailusers_users:add": Row(ADMIN, post={"email": "x@example.org", "first_name": "X"}),
    "wagtailadmin_pages:delete": Row(STAFF, ("page",), post={}),
}

MAY_BE_MISSING = {"rendition", "mail", "demo_sign_in", "style_guide"}
"""A picture nobody made, and pages of one's own machine or of a demo only: 404 for all alike."""


@pytest.fixture(scope="module")
def world(shared_site_tree):
    """A group with everything an address can name."""
    ensure_roles()
    hall = VenueFactory(name="Oaklands Hall")
    session = GroupSessionFactory.build(venue=hall)
    group = GroupPageFactory(
        sessions=[session], activities=[ActivityFactory(slug="art")], needs=[NeedFactory(slug="lonely")]
    )
    other = GroupPageFactory(organisation=OrganisationFactory())
    scope = Scope.of_group(group)
    people = {role: UserFactory(first_name=role) for role in ROLES[1:] if role != "admin"}
    people["admin"] = UserFactory(superuser=True, first_name="admin")
    people["other group's lead"].memberships.create(group_uid=other.uid, role="lead")
    people["former member"].memberships.create(group_uid=group.uid, role="editor", is_active=False)
    people["lead"].memberships.create(group_uid=group.uid, role="lead")
    people["editor"].memberships.create(group_uid=group.uid, role="editor")
    for role, name in (
        ("link worker", "Link workers"),
        ("supporter", "Supporters"),
        ("moderator", "Moderators"),
    ):
        people[role].groups.add(Group.objects.get(name=name))
    claim = verbs.claim(other, by=UserFactory(), evidence="I help.")
    invitation = verbs.invite(scope, "sam@example.org", by=people["lead"])
    mail = queue_mail("sign_in", to="a@example.org", context={"secret": "a", "code": "b"})
    QueuedMail.objects.filter(pk=mail.pk).update(state=State.FAILED)
    closure = close_between(group.uid, date(2030, 1, 1), date(2030, 1, 2), by=None)
    proposal = Proposal.objects.create(
        group_uid=group.uid, kind=ProposalKind.TODAY, values={}, by=people["editor"]
    )
    problem = report(group, kind="fact", words="The price is wrong.", now=timezone.now())
    asked = ReviewStep.objects.create(group_uid=group.uid, began=date(2026, 1, 1), step="first")
    return {
        "review_key": key_for(asked, Membership.objects.get(user=people["lead"])),
        "people": people,
        "group": group.uid,
        "page": group.pk,
        "session": session.uid,
        "venue": hall.uid,
        "venue_slug": "oaklands-hall",
        "activity": Activity.objects.get().slug,
        "need": Need.objects.get().slug,
        "section": "groups",
        "picture": f"{uuid.uuid4()}.jpg",
        "kind": "group",
        "remove": "remove",
        "hand_over": "hand_over",
        "editor_membership": Membership.objects.get(user=people["editor"]).uid,
        "invitation": invitation.uid,
        "invitation_key": invitation.key,
        "claim": claim.uid,
        "unsent": mail.pk,
        "closure_record": f"closure {closure.pk}",
        "proposal": proposal.pk,
        "problem": problem.reference,
        "today": "space",
        "step": "about",
        "row_step": "sessions",
    }


def is_let_in(answer, path) -> bool:
    if answer.status_code == 403:
        return False
    if answer.status_code != 302:
        return True
    turned_away = answer.url.startswith("/sign-in/?next=")
    if path.startswith("/admin/"):
        turned_away |= answer.url in ("/my-group/", reverse("wagtailadmin_home"))
    return not turned_away


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("rows", [LOOK, PRESS], ids=["look", "press"])
def test_role_and_address(rows, role, world, db):
    wrong = {}
    door = Client()
    if role != "visitor":
        door.force_login(world["people"][role])
    for name, row in rows.items():
        path = reverse(name, args=[world[part] for part in row.args])
        browser = Client(raise_request_exception=False)
        browser.cookies.load({key: cookie.value for key, cookie in door.cookies.items()})
        with transaction.atomic():
            if row.post is None:
                answer = browser.get(path, {key: world[value] for key, value in row.get.items()})
            else:
                answer = browser.post(path, {key: world.get(value, value) for key, value in row.post.items()})
            transaction.set_rollback(True)
        if answer.status_code == 404 and name in MAY_BE_MISSING:
            continue
        if answer.status_code == 404 or answer.status_code >= 500:
            wrong[name] = str(answer.status_code)
        elif is_let_in(answer, path) != (role in row.who):
            wrong[name] = f"{answer.status_code} {answer.headers.get('Location', '')}"
    assert wrong == {}


def names_of(patterns) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names_of(pattern.url_patterns)
        else:
            found.add(pattern.name or f"{pattern} has no name")
    return found


def test_every_address_of_ours_has_a_row():
    wagtails = ("wagtail.admin.urls", "wagtail.documents.urls", "wagtail.urls")
    ours = set()
    for pattern in urlpatterns:
        module = getattr(getattr(pattern, "urlconf_name", None), "__name__", "")
        if module == "wagtail.admin.urls":
            ours |= {name for name in names_of(pattern.url_patterns) if name.startswith("waymark_")}
        elif module not in wagtails:
            ours |= names_of([pattern])
    assert ours - {*LOOK, *PRESS} == set()

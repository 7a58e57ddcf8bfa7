"""Steps taken: who is told, what changes, nothing twice."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import PageLogEntry

from groups.checking.history import history_of
from groups.listings.facts import FactHistory, GroupFacts
from groups.mail.rendering import link
from groups.models import GroupPage, Invitation, Membership, MembershipHistory, QueuedMail
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.reviews import taking
from groups.reviews.links import link_of
from groups.reviews.taking import take_steps
from search import engines
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory, OrganisationFactory, SourceRecordFactory, UserFactory
from tests.groups.reviews.conftest import CHECKED, after, join, run, run_around, taken
from tests.search.conftest import forget_rows


def told():
    """{template: addresses}."""
    mails = {}
    for template, to in QueuedMail.objects.order_by("pk").values_list("template", "to"):
        mails.setdefault(template, []).append(to)
    return mails


def test_a_year_and_a_half_of_silence(group, jean):
    """Every step on its day, once; each told to the lead."""
    moments = [after(), *(after(months=months) for months in (1, 5, 6, 9, 12)), after(months=12, days=15)]
    assert run_around(*moments, *(after(months=months) for months in (13, 15, 18, 19, 24))) == {
        date(2026, 7, 21): ["first"],
        date(2027, 1, 21): ["second"],
        date(2027, 2, 5): ["last"],
        date(2027, 2, 21): ["returned"],
        date(2027, 7, 21): ["taken_down"],
    }
    assert told() == {
        "review_reminder": [jean.email] * 3,
        "review_returned": [jean.email],
        "review_taken_down": [jean.email],
    }
    subjects = QueuedMail.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == [
        "Is the page of Knit Club still right?",
        "Is the page of Knit Club still right?",
        "Last time we ask: is the page of Knit Club still right?",
        "You no longer look after the page of Knit Club",
        "The page of Knit Club is taken down",
    ]


def test_the_first_reminder_goes_to_the_lead_and_the_next_to_everybody(group, jean):
    omar = join(UserFactory(email="omar@example.org"), group_uid=group.uid, role="editor").user
    gone = UserFactory(is_active=False)
    join(gone, group_uid=group.uid, role="editor")
    assert run(after(months=6, days=1)) == ["first"]
    assert told()["review_reminder"] == [jean.email]
    assert run(after(months=12, days=1)) == ["second"]
    assert sorted(told()["review_reminder"][1:]) == [jean.email, omar.email]


def test_where_nobody_leads_all_are_asked(group, jean):
    Membership.objects.update(role="editor")
    join(UserFactory(), group_uid=group.uid, role="editor")
    run(after(months=6, days=1))
    assert len(told()["review_reminder"]) == 2


def test_a_reminder_says_what_to_do_in_one_link(group):
    run(after(months=6, days=1))
    text = QueuedMail.objects.get().text
    assert len(re.findall(r"/still-right/\?key=\S+", text)) == 1
    assert "60 days" in text


def test_whoever_keeps_it_alone_is_asked_for_a_second_person(group):
    """Freshness rule 6."""
    ask = link("people", "group", group.uid)
    run(after(months=6, days=1))
    assert ask in QueuedMail.objects.get().text
    join(UserFactory(), group_uid=group.uid, role="editor")
    run(after(months=12, days=1))
    assert all(ask not in mail.text for mail in QueuedMail.objects.order_by("pk")[1:])


def test_a_second_run_does_nothing(group):
    now = after(months=6, days=1)
    assert run(now) == ["first"]
    assert run(now) == run(now + timedelta(days=1)) == []
    assert take_steps(group.uid, now=now) == {}
    assert QueuedMail.objects.count() == 1


@pytest.mark.parametrize("last_words", ["queue_mail", "_note"])
def test_killed_in_the_middle_nothing_is_lost_and_nothing_sent_twice(group, monkeypatch, last_words):
    """The process dies at the second group, before or after its row is written."""

    class Killed(BaseException):
        pass

    other = GroupPageFactory(facts__last_confirmed_at=CHECKED)
    sam = join(UserFactory(email="sam@example.org"), group_uid=other.uid, role="lead").user
    real, calls = getattr(taking, last_words), []

    def dies(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(taking, last_words, dies)
    now = after(months=6, days=1)
    with pytest.raises(Killed):
        run(now)
    assert (taken(group), taken(other)) == (["first"], [])
    assert QueuedMail.objects.count() == 1
    assert run(now) == ["first"]
    assert run(now) == []
    assert sorted(told()["review_reminder"]) == ["jean@example.org", sam.email]


def test_a_check_begins_a_new_round(group, jean):
    run(after(months=6, days=1))
    again = after(months=7)
    GroupFacts.objects.for_group(group.uid).confirm(by=jean, at=again)
    assert run(after(months=13)) == []
    assert run(after(months=13, days=1)) == ["first"]
    assert taken(group) == ["first", "first"]


def test_at_thirteen_months_the_claim_goes_back_to_staff(group, jean):
    omar = join(UserFactory(email="omar@example.org"), group_uid=group.uid, role="editor").user
    run(after(months=12, days=16))
    assert run(after(months=13)) == []
    assert run(after(months=13, days=1)) == ["returned"]
    assert not Membership.objects.active().exists()
    assert not GroupFacts.objects.get(group_uid=group.uid).claimed
    assert FactHistory.objects.filter(fact="claimed", after="False", by=None).exists()
    entries = MembershipHistory.objects.filter(what="returned", by=None)
    assert {entry.person for entry in entries} == {jean, omar}
    assert sorted(told()["review_returned"]) == [jean.email, omar.email]
    assert link("claim", group.uid) in QueuedMail.objects.filter(template="review_returned").first().text
    group.refresh_from_db()
    assert group.live
    assert "Gave the page back to our staff" in [entry.what for entry in history_of(group)]


def test_whoever_gets_it_back_has_their_own_time(group, jean):
    run(after(months=12, days=16))
    run(after(months=13, days=1))
    claim = verbs.claim(group, by=jean, evidence="Still here.")
    verbs.approve_claim(claim, by=UserFactory())
    Membership.objects.active().update(joined_at=after(months=13, days=3))
    assert run(after(months=19)) == []
    assert run(after(months=19, days=4)) == ["first"]


def test_an_organisation_keeps_its_people_as_long_as_they_answer_for_one_group(site_tree, jean):
    body = OrganisationFactory()
    silent, checked = (
        GroupPageFactory(organisation=body, facts__last_confirmed_at=at) for at in (CHECKED, after(months=6))
    )
    join(jean, organisation=body, role="lead")
    run(after(months=12, days=16))
    assert run(after(months=13, days=1)) == ["returned"]
    assert Membership.objects.active().count() == 1
    assert "review_returned" not in told()
    assert sorted(run(after(months=18, days=1))) == ["second", "taken_down"]
    assert (taken(silent)[-1], taken(checked)[-1]) == ("taken_down", "second")
    assert told()["review_taken_down"] == [jean.email]


def reminded(**of):
    return QueuedMail.objects.filter(template="review_reminders", **of)


def test_whoever_keeps_an_organisations_groups_gets_one_e_mail_about_all_that_are_due(
    site_tree, jean, monkeypatch
):
    monkeypatch.setattr(taking, "MOST_MAILS_A_DAY", 1)
    body = OrganisationFactory()
    names = ["Chess", "Darts", "Knitting"]
    groups = [
        GroupPageFactory(title=name, organisation=body, facts__last_confirmed_at=CHECKED) for name in names
    ]
    fresh = GroupPageFactory(title="Fresh", organisation=body, facts__last_confirmed_at=after(months=5))
    join(jean, organisation=body, role="lead")
    sam = join(UserFactory(email="sam@example.org"), group_uid=groups[2].uid, role="lead").user
    assert run(after(months=6, days=1)) == ["first"] * 3
    assert told() == {"review_reminder": [sam.email], "review_reminders": [jean.email]}
    mail = reminded().get()
    assert mail.subject == "Are the pages of your 2 groups still right?"
    assert ["Chess" in mail.text, "Darts" in mail.text, "Knitting" in mail.text] == [True, True, False]
    keys = re.findall(r"/still-right/\?key=(\S+)", mail.text)
    links = [link_of(unquote(key), now=after(months=6, days=2)) for key in keys]
    assert [(found.page.title, found.state, found.member.user) for found in links] == [
        ("Chess", "open", jean),
        ("Darts", "open", jean),
    ]
    assert link("people", "organisation", body.uid) in mail.text
    assert (taken(groups[0]), taken(fresh)) == (["first"], [])
    assert run(after(months=6, days=1)) == []


def test_of_the_groups_of_one_e_mail_each_says_its_own_step(site_tree, jean):
    body = OrganisationFactory()
    join(jean, organisation=body, role="lead")
    for name, since in (("Chess", CHECKED), ("Darts", after(months=6, days=15))):
        GroupPageFactory(title=name, organisation=body, facts__last_confirmed_at=since)
    run(after(months=12, days=1))
    assert sorted(run(after(months=12, days=16))) == ["first", "last"]
    mail = reminded().get()
    assert mail.subject.startswith("Last time we ask")
    assert "Chess: not checked for more than a year" in mail.text
    assert "Darts: not checked for six months" in mail.text


def test_an_organisation_of_many_groups_gets_a_second_e_mail_and_the_limit_holds(
    site_tree, jean, monkeypatch
):
    monkeypatch.setattr(taking, "MOST_IN_A_MAIL", 2)
    body = OrganisationFactory()
    join(jean, organisation=body, role="lead")
    for _number in range(5):
        GroupPageFactory(organisation=body, facts__last_confirmed_at=CHECKED)
    now = after(months=6, days=1)
    assert run(now, limit=3) == ["first"] * 3
    assert told() == {"review_reminders": [jean.email], "review_reminder": [jean.email]}
    assert run(now) == ["first"] * 2
    assert reminded().count() == 2


def test_an_organisation_that_answers_for_none_loses_its_people(site_tree, jean):
    body = OrganisationFactory()
    for _number in range(2):
        GroupPageFactory(organisation=body, facts__last_confirmed_at=CHECKED)
    join(jean, organisation=body, role="lead")
    run(after(months=12, days=16))
    assert run(after(months=13, days=1)) == ["returned"]
    assert not Membership.objects.active().exists()
    assert MembershipHistory.objects.get(what="returned").organisation == body


@pytest.fixture
def a_process_that_has_read_nothing():
    forget_rows()
    yield
    forget_rows()


def test_at_eighteen_months_it_is_unpublished_and_nothing_is_lost(a_process_that_has_read_nothing, group):
    def finds():
        return [
            card.listing.name for card in engines.current().search(DirectoryQuery(text="Knit Club")).cards
        ]

    assert finds() == ["Knit Club"]
    GroupFacts.objects.for_group(group.uid).set_capacity("space", by=None)
    run(after(months=12, days=16))
    run(after(months=13, days=1))
    assert run(after(months=18, days=1)) == ["taken_down"]
    page = GroupPage.objects.get(pk=group.pk)
    assert not page.live
    assert page.sessions.count() == 1
    assert finds() == []
    assert PageLogEntry.objects.filter(page=page, action=taking.TAKEN_DOWN, user=None).exists()
    assert "Took the page down" in [entry.what for entry in history_of(page)]


def test_what_staff_publish_again_stays_until_the_next_check_is_too_old(group):
    Membership.objects.all().delete()
    assert run(after(months=18, days=1)) == ["taken_down"]
    page = GroupPage.objects.get(pk=group.pk)
    page.get_latest_revision().publish()
    assert run(after(months=24)) == []
    assert "review_taken_down" not in told()


def test_what_a_source_still_lists_stays(site_tree):
    page = GroupPageFactory()
    SourceRecordFactory(group_uid=page.uid, source_date=CHECKED.date())
    assert run(after(years=3)) == []
    assert GroupPage.objects.get(pk=page.pk).live


def test_whoever_keeps_many_groups_is_asked_about_some_each_day(site_tree, jean, monkeypatch):
    monkeypatch.setattr(taking, "MOST_MAILS_A_DAY", 2)
    long_ago = timezone.now() - timedelta(days=200)
    for _number in range(3):
        page = GroupPageFactory(facts__last_confirmed_at=long_ago)
        join(jean, group_uid=page.uid, role="lead", at=long_ago)
    assert run(timezone.now()) == ["first", "first"]
    assert run(timezone.now()) == []
    QueuedMail.objects.update(queued_at=timezone.now() - timedelta(days=1))
    assert run(timezone.now()) == ["first"]


def test_the_command_says_what_it_did_and_stops_at_its_limit(site_tree, capsys):
    for number in range(2):
        page = GroupPageFactory(facts__last_confirmed_at=timezone.now() - timedelta(days=200))
        join(UserFactory(), group_uid=page.uid, role="lead", at=CHECKED - timedelta(days=900 + number))
    call_command("send_review_reminders", dry_run=True)
    assert "Asked: 2." in capsys.readouterr().out
    assert not QueuedMail.objects.exists()
    call_command("send_review_reminders", limit=1)
    said = capsys.readouterr().out
    assert "Asked: 1." in said
    assert "More are due." in said
    call_command("send_review_reminders", limit=1)
    call_command("send_review_reminders")
    assert "Asked: 0." in capsys.readouterr().out.splitlines()[-1]
    assert QueuedMail.objects.count() == 2


def test_deleting_the_page_takes_its_rounds_along(group):
    run(after(months=6, days=1))
    group.delete()
    assert taken(group) == []


def test_an_open_invitation_still_brings_somebody_in(group, jean):
    verbs.invite(Scope.of_group(group), "sam@example.org", by=jean)
    run(after(months=12, days=16))
    run(after(months=13, days=1))
    verbs.accept(Invitation.objects.get(), by=UserFactory(email="sam@example.org"))
    assert GroupFacts.objects.get(group_uid=group.uid).claimed

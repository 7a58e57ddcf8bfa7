"""What follows from the looks: when a website is marked, who hears, and what the public page says."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from groups.links.checking import NobodyAnswersError, check_links
from groups.links.looking import Look
from groups.links.models import Trouble, Website
from groups.listings.privacy import hide_places
from groups.models import Membership, Organisation, QueuedMail
from search.index.models import IndexedListing
from tests.factories import (
    MARKER,
    ContactFactory,
    GroupPageFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.groups.admin.test_privacy import traces

URL = "https://club.example/"
MONDAY = timezone.make_aware(datetime(2026, 11, 2, 3))
WEEK = timedelta(days=7)
FAILS = Look(Trouble.GONE, answered=True)
WORKS = Look("", answered=True)
SILENT = Look(Trouble.NO_ANSWER, answered=False)


class FakeLooker:
    def __init__(self, **looks):
        self.looks, self.asked = looks, []

    def look(self, url):
        self.asked.append(url)
        return self.looks.get(url.split("//")[1].split(".")[0], WORKS)


def check(when, limit=50, **looks):
    looker = FakeLooker(**looks)
    return check_links(limit=limit, now=lambda: when, looker=looker), looker.asked


def with_website(url=URL, **kwargs):
    return GroupPageFactory(contacts=[ContactFactory.build(kind="website", value=url)], **kwargs)


@pytest.fixture
def group(site_tree):
    group = with_website(title="Riverside Knitters")
    Membership.objects.create(user=UserFactory(email="pat@waymark.example"), group_uid=group.uid, role="lead")
    return group


@pytest.mark.parametrize(
    ("looks", "broken"),
    [
        ([(0, FAILS)], False),
        ([(0, FAILS), (6.9, FAILS)], False),
        ([(0, FAILS), (7, FAILS)], True),
        ([(0, FAILS), (3, WORKS), (7, FAILS)], False),
        ([(0, FAILS), (7, FAILS), (14, WORKS)], False),
        ([(0, FAILS), (7, FAILS), (14, WORKS), (21, FAILS)], False),
    ],
)
def test_two_failures_a_week_apart_make_it_broken_and_one_answer_mends_it(looks, broken):
    website = Website(url=URL)
    for days, look in looks:
        website.looked(look.trouble, MONDAY + timedelta(days=days))
    assert website.is_broken is broken


def test_the_page_says_so_after_the_second_failure_and_no_more_once_it_works(client, group):
    check(MONDAY, club=FAILS)
    assert "did not work" not in client.get(group.url).text
    check(MONDAY + WEEK, club=FAILS)
    text = client.get(group.url).text
    assert "This website did not work when we looked on 9 November 2026." in text
    assert f'href="{URL}"' in text
    check(MONDAY + 2 * WEEK, club=FAILS)
    assert "when we looked on 16 November 2026" in client.get(group.url).text
    outcome, _asked = check(MONDAY + 3 * WEEK, club=WORKS)
    assert outcome.mended == 1
    assert "did not work" not in client.get(group.url).text


def test_the_group_is_told_once_for_each_time(group):
    for weeks in range(4):
        check(MONDAY + weeks * WEEK, club=FAILS)
    mail = QueuedMail.objects.get()
    assert mail.to == "pat@waymark.example"
    assert URL in mail.text
    assert "on 2 November 2026 and on 9 November 2026" in mail.text
    check(MONDAY + 4 * WEEK, club=WORKS)
    for weeks in (5, 6):
        check(MONDAY + weeks * WEEK, club=FAILS)
    assert QueuedMail.objects.count() == 2


def test_an_organisations_website_is_its_peoples_and_shows_on_every_page_of_its_groups(client, site_tree):
    organisation = OrganisationFactory(website=URL)
    groups = [GroupPageFactory(organisation=organisation) for _time in range(2)]
    Membership.objects.create(
        user=UserFactory(email="pat@waymark.example"), organisation=organisation, role="lead"
    )
    for weeks in range(2):
        check(MONDAY + weeks * WEEK, club=FAILS)
    assert [mail.to for mail in QueuedMail.objects.all()] == ["pat@waymark.example"]
    for group in groups:
        assert "did not work when we looked on 9 November" in client.get(group.url).text


def test_what_the_index_holds_follows_in_the_same_step(group):
    def held():
        return IndexedListing.objects.get(uid=group.uid).document

    check(MONDAY, club=FAILS)
    assert "broken_on" not in str(held())
    check(MONDAY + WEEK, club=FAILS)
    assert "2026-11-09" in str(held())
    check(MONDAY + 2 * WEEK, club=WORKS)
    assert "broken_on" not in str(held())


def test_the_longest_wait_comes_first_and_a_batch_has_an_end(site_tree):
    for name in ("one", "two", "three"):
        with_website(f"https://{name}.example/")
    _outcome, first = check(MONDAY, limit=2)
    _outcome, second = check(MONDAY + timedelta(hours=1), limit=2)
    assert sorted(first + second) == [f"https://{name}.example/" for name in ("one", "three", "two")]
    assert check(MONDAY + timedelta(days=6))[1] == []
    assert check(MONDAY + WEEK)[1] == first


def test_drafts_and_addresses_that_nobody_names_any_more_are_not_asked(group):
    with_website("https://draft.example/", draft=True)
    Organisation.objects.create(name="Alone", website="https://alone.example/")
    assert check(MONDAY)[1] == [URL]
    group.contacts.get().delete()
    assert check(MONDAY + WEEK)[1] == []
    assert not Website.objects.exists()


def test_when_nobody_answers_it_is_our_own_network(site_tree):
    for name in ("one", "two", "three"):
        with_website(f"https://{name}.example/")
    silent = dict.fromkeys(("one", "two", "three"), SILENT)
    with pytest.raises(NobodyAnswersError):
        check(MONDAY, **silent)
    assert not Website.objects.exclude(looked_at=None).exists()
    outcome, _asked = check(MONDAY, **{**silent, "two": FAILS})
    assert (outcome.looked, outcome.failing) == (3, 3)


def test_two_groups_with_one_website_are_one_question(site_tree):
    with_website()
    with_website()
    assert check(MONDAY)[1] == [URL]


def test_the_command_says_what_it_did(site_tree, site, capsys):
    with_website(site.answer("/gone", 404))
    with_website(site.at("/here"))
    call_command("check_links", limit=10)
    assert (
        "2 websites looked at: 1 failed, 0 newly marked as broken, 0 work again." in capsys.readouterr().out
    )
    assert Website.objects.get(url=site.at("/gone")).trouble == Trouble.GONE
    call_command("check_links")
    assert capsys.readouterr().out.startswith("0 websites")


def test_the_command_fails_aloud_without_a_network(site_tree):
    for number in range(3):
        with_website(f"http://127.0.0.{number + 1}/")
    with pytest.raises(CommandError, match="Nothing was noted"):
        call_command("check_links")


def test_staff_see_whose_it_is_and_what_happened(client, group):
    for weeks in range(2):
        check(MONDAY + weeks * WEEK, club=FAILS)
    client.force_login(UserFactory(superuser=True))
    text = client.get(reverse("waymark_report_websites")).text
    for words in ("Riverside Knitters", URL, "It says that the page is gone"):
        assert words in text
    assert reverse("wagtailadmin_pages:edit", args=[group.pk]) in text
    assert "Websites that do not work" in client.get(reverse("wagtailadmin_home")).text
    exported = client.get(reverse("waymark_report_websites"), {"export": "csv"})
    assert "Riverside Knitters" in b"".join(exported).decode()


def test_hiding_a_place_takes_a_website_that_names_it(site_tree):
    group = GroupPageFactory(
        area_only=True,
        contacts=[ContactFactory.build(kind="website", value="https://club.example/Marrowfat-Cottage")],
    )
    check(MONDAY)
    assert MARKER.split()[0] in Website.objects.get().url
    hide_places(group, by=UserFactory(superuser=True))
    assert traces() == {}
    assert not Website.objects.exists()

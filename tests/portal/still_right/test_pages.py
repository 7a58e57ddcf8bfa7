"""The page behind a reminder's link: what it shows, what one press does, and its kind answers where there is nothing to press."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.urls import reverse
from django.utils import timezone

from groups.editing.models import Proposal, Trust
from groups.listings.facts import FactHistory, GroupFacts
from groups.models import Membership
from groups.people.membership import verbs
from groups.reviews.links import VALIDITY, confirm, key_for, link_of
from groups.reviews.models import ReviewStep
from tests.factories import ContactFactory, GroupPageFactory, UserFactory
from tests.portal.helpers import assert_no_models, assert_sound

URL = "/still-right/"


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(
        title="Riverside Knitters",
        description="We knit by the river.",
        cost_kind="free",
        contacts=[
            ContactFactory.build(value="01632 960123"),
            ContactFactory.build(value="01632 960999", visibility="organisers"),
        ],
        facts__last_confirmed_at=timezone.now() - timedelta(days=200),
        facts__confirmed_by="group",
    )


@pytest.fixture
def pat(group):
    person = UserFactory(first_name="Pat")
    return Membership.objects.create(user=person, group_uid=group.uid, role="lead")


@pytest.fixture
def asked(group, pat):
    """`asked("first")`: the key in a reminder that was sent today, or so many days ago."""

    def asked(step="first", days=0, member=pat):
        at = timezone.now() - timedelta(days=days)
        row = ReviewStep.objects.create(group_uid=group.uid, began=at.date(), step=step, at=at)
        return key_for(row, member)

    return asked


def facts_of(group):
    return GroupFacts.objects.get(group_uid=group.uid)


def test_looking_shows_the_facts_and_changes_nothing(client, group, asked):
    before = facts_of(group).last_confirmed_at
    answer = client.get(URL, {"key": asked()})
    text = assert_sound(answer)
    assert_no_models(answer.context)
    for words in ("Every Tuesday, 10am to 12 noon", "Hall", "Free", "01632 960123", "Have you got space?"):
        assert words.lower() in text.lower(), words
    assert "01632 960999" not in text
    assert "We knit by the river." not in text
    assert facts_of(group).last_confirmed_at == before
    assert "no-store" in answer["Cache-Control"]
    assert 'content="noindex"' in text


@pytest.mark.parametrize("step", ["second", "last"])
def test_after_a_year_it_shows_everything(client, asked, step):
    text = client.get(URL, {"key": asked(step)}).text
    for words in ("We knit by the river.", "Tea, wool and talk.", "Can I bring someone?", "Step-free"):
        assert words in text


def test_one_press_confirms_and_signs_nobody_in(client, group, pat, asked):
    key = asked()
    answer = client.post(URL, {"key": key})
    assert (answer.status_code, answer.url.startswith(URL)) == (302, True)
    facts = facts_of(group)
    assert timezone.now() - facts.last_confirmed_at < timedelta(minutes=1)
    assert (facts.confirmed_by, facts.confirmed_by_user, facts.capacity_on) == ("group", pat.user, None)
    assert not get_user(client).is_authenticated
    done = client.get(answer.url)
    assert_sound(done)
    assert "Checked by the group on" in done.text


def test_the_answer_about_space_is_taken_with_it(client, group, asked):
    Trust.say(group.uid, True, by=None)
    client.post(URL, {"key": asked(), "space-capacity": "full"})
    facts = facts_of(group)
    assert (facts.capacity, facts.capacity_on) == ("full", timezone.localdate())


def test_a_group_not_trusted_yet_confirms_but_its_space_waits_for_staff(client, group, asked):
    client.post(URL, {"key": asked(), "space-capacity": "full"})
    assert Proposal.objects.get().values["data"] == {"space-capacity": "full"}
    assert facts_of(group).capacity == "unknown"
    assert facts_of(group).last_confirmed_at > timezone.now() - timedelta(minutes=1)


def test_space_is_asked_when_its_answer_is_older_than_thirty_days(client, group, asked):
    facts, key, today = facts_of(group), asked(), timezone.localdate()
    for days, asks in ((30, False), (31, True)):
        facts.set_capacity("space", by=None, on=today - timedelta(days=days))
        answer = client.get(URL, {"key": key})
        assert ("space-capacity" in answer.text) is asks
        assert ("Has space, as of" in answer.text) is not asks
        assert (": Has space. You may leave this open." in answer.text) is asks
        assert "checked>" not in answer.text
    client.post(URL, {"key": key})
    assert facts_of(group).capacity_on == today - timedelta(days=31)


def test_a_wrong_answer_about_space_is_an_error_and_confirms_nothing(client, group, asked):
    answer = client.post(URL, {"key": asked(), "space-capacity": "lots"})
    assert_sound(answer, 422)
    assert 'class="errors"' in answer.text
    assert facts_of(group).last_confirmed_at < timezone.now() - timedelta(days=100)


def test_a_second_press_says_thank_you_and_writes_nothing(client, group, asked):
    key = asked()
    client.post(URL, {"key": key})
    written = FactHistory.objects.count()
    answer = client.post(URL, {"key": key})
    assert_sound(answer)
    assert "Thank you" in answer.text
    assert FactHistory.objects.count() == written


def test_two_presses_at_once_are_one(group, asked):
    """Both looked while the link was open; the second finds it done behind the lock."""
    link = link_of(asked())
    confirm(link)
    written = FactHistory.objects.count()
    confirm(link)
    assert FactHistory.objects.count() == written


def test_it_works_for_sixty_days(client, group, asked):
    assert timedelta(days=60) == VALIDITY
    assert client.get(URL, {"key": asked(days=59)}).status_code == 200
    old = asked("second", days=60)
    answer = client.get(URL, {"key": old})
    assert_sound(answer, 410)
    assert "too old" in answer.text
    assert reverse("my_group", args=[group.uid]) in answer.text
    assert client.post(URL, {"key": old}).status_code == 410
    assert facts_of(group).last_confirmed_at < timezone.now() - timedelta(days=100)


def leave(member, group):
    verbs.leave(member)


def close_account(member, group):
    member.user.is_active = False
    member.user.save()


def unpublish(member, group):
    group.unpublish()


def close(member, group):
    GroupFacts.objects.for_group(group.uid).close(by=None)


def delete_page(member, group):
    group.delete()


def delete_account(member, group):
    member.user.delete()


@pytest.mark.parametrize(
    ("meanwhile", "words"),
    [
        (leave, "no longer look after"),
        (close_account, "no longer look after"),
        (unpublish, "not published now"),
        (close, "not published now"),
        (delete_page, "does not work"),
        (delete_account, "does not work"),
    ],
)
def test_a_kind_answer_when_things_have_changed(client, group, pat, asked, meanwhile, words):
    key = asked()
    meanwhile(pat, group)
    for answer in (client.get(URL, {"key": key}), client.post(URL, {"key": key})):
        assert_sound(answer, 410)
        assert words in answer.text
        assert 'class="button"' in answer.text
    assert not FactHistory.objects.filter(fact="last_confirmed_at").exists()


@pytest.mark.parametrize("key", ["", "x", "a:b", "\x00", "é", "0" * 64])
def test_a_key_that_is_not_ours(client, db, key):
    assert_sound(client.get(URL, {"key": key}), 410)
    assert_sound(client.post(URL, {"key": key}), 410)


def test_a_key_cannot_be_turned_to_another_group(client, group, asked, site_tree):
    """It is signed whole; and a person's membership of one group opens no other."""
    other = GroupPageFactory(facts__last_confirmed_at=timezone.now() - timedelta(days=200))
    key = asked()
    elsewhere = ReviewStep.objects.create(group_uid=other.uid, began=timezone.localdate(), step="first")
    assert client.post(URL, {"key": elsewhere.uid.hex + key[32:]}).status_code == 410
    assert "no longer" in client.post(URL, {"key": key_for(elsewhere, Membership.objects.get())}).text
    assert facts_of(other).last_confirmed_at < timezone.now() - timedelta(days=100)


def test_something_has_changed_leads_to_my_group(client, group, asked):
    assert f'href="{reverse("my_group", args=[group.uid])}"' in client.get(URL, {"key": asked()}).text


def test_editing_never_confirms(client, group, pat):
    """Freshness rule 1."""
    Trust.say(group.uid, True, by=None)
    before = facts_of(group).last_confirmed_at
    client.force_login(pat.user)
    at = reverse("my_group_step", args=[group.uid, "cost"])
    client.post(at, {"base": group.latest_revision_id, "cost_kind": "donation", "joining_kind": "drop_in"})
    group.refresh_from_db()
    assert group.cost_kind == "donation"
    assert facts_of(group).last_confirmed_at == before


def test_it_takes_few_queries(client, asked, django_assert_max_num_queries):
    key = asked("last")
    client.get(URL, {"key": key})
    with django_assert_max_num_queries(45):
        client.get(URL, {"key": key})

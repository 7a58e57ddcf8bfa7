"""A link worker's stamp after a call: right is a check, wrong is a problem for staff and the group."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from groups.admin.roles import ensure_roles
from groups.listings.facts import FactHistory, GroupFacts
from groups.models import Problem
from groups.problems.queries import history
from tests.factories import ContactFactory, GroupPageFactory, UserFactory
from tests.portal.helpers import assert_no_models, assert_sound


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(
        title="Riverside Knitters",
        contacts=[
            ContactFactory.build(value="01632 960123", visibility="link_workers"),
            ContactFactory.build(value="01632 960999", visibility="organisers"),
        ],
        facts__last_confirmed_at=timezone.now() - timedelta(days=400),
    )


def person(role):
    ensure_roles()
    somebody = UserFactory(first_name="Lou")
    somebody.groups.add(Group.objects.get(name=role))
    return somebody


@pytest.fixture
def lou(client, group):
    lou = person("Link workers")
    client.force_login(lou)
    return lou


@pytest.fixture
def here(group):
    return f"/called/{group.uid}/"


def test_it_shows_what_to_ask_about(client, lou, here):
    answer = client.get(here)
    text = assert_sound(answer)
    assert_no_models(answer.context)
    assert "01632 960123" in text
    assert "01632 960999" not in text
    assert "worried" not in text


@pytest.mark.parametrize(
    ("role", "kind", "words"),
    [
        ("Link workers", "link_worker", "Checked by a link worker on"),
        ("Moderators", "staff", "Checked by our staff on"),
    ],
)
def test_right_is_a_check(client, group, here, role, kind, words):
    caller = person(role)
    client.force_login(caller)
    answer = client.post(here, {"do": "right"}, follow=True)
    assert words in assert_sound(answer)
    facts = GroupFacts.objects.get(group_uid=group.uid)
    assert (facts.confirmed_by, facts.confirmed_by_user) == (kind, caller)
    assert timezone.now() - facts.last_confirmed_at < timedelta(minutes=1)
    assert FactHistory.objects.filter(fact="last_confirmed_at", by=caller).exists()


def test_wrong_is_a_problem_that_names_who_called_and_no_check(client, group, lou, here):
    before = GroupFacts.objects.get(group_uid=group.uid).last_confirmed_at
    sent = {"do": "wrong", "kind": "meeting", "words": "They meet on Fridays now."}
    assert "Our staff see to it." in client.post(here, sent, follow=True).text
    problem = Problem.objects.get()
    assert (problem.words, problem.kind, problem.email) == (sent["words"], "meeting", "")
    assert history(problem)[0].who == "Lou"
    assert GroupFacts.objects.get(group_uid=group.uid).last_confirmed_at == before


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "wrong", "kind": "meeting", "words": " "},
        {"do": "wrong", "kind": "safety", "words": "Typed words."},
        {"do": "fly", "kind": "x", "words": "a\x00b"},
    ],
)
def test_a_bad_answer_keeps_what_was_typed_and_does_nothing(client, group, lou, here, sent):
    answer = client.post(here, sent)
    text = assert_sound(answer, 422)
    assert 'class="errors"' in text
    assert ("Typed words." in text) is ("Typed words." in sent.get("words", ""))
    assert not Problem.objects.exists()
    assert not FactHistory.objects.exists()


def test_the_way_there_is_on_the_groups_page_for_those_who_may(client, group, here):
    assert here not in client.get(group.url).text
    client.force_login(UserFactory())
    assert here not in client.get(group.url).text
    assert client.get(here).status_code == 403
    client.force_login(person("Link workers"))
    assert here in client.get(group.url).text


def test_a_page_that_is_not_public(client, lou, group, here):
    group.unpublish()
    assert client.get(here).status_code == 404
    assert client.post(here, {"do": "right"}).status_code == 404

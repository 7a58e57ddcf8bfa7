"""Problems as moderators and the group's own people see to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.models import Membership, Problem, QueuedMail
from groups.problems import verbs
from groups.problems.models import Kind, State
from tests.factories import GroupPageFactory, UserFactory
from tests.portal.helpers import assert_no_models, assert_sound

LIST = "checking_problems"


@pytest.fixture
def pat(db):
    return UserFactory(first_name="Pat")


@pytest.fixture
def group(site_tree, pat):
    group = GroupPageFactory(title="Riverside Knitters")
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    return group


@pytest.fixture
def mo(client):
    client.force_login(UserFactory(first_name="Mo", superuser=True))
    return client


def tell(group, kind=Kind.UNFIT, words="Not nice.", **more):
    return verbs.report(group, kind=kind, words=words, now=timezone.now(), **more)


def at(problem):
    return reverse("checking_problem", args=[problem.reference])


def test_the_worklist_shows_one_state_at_a_time_with_the_number_of_each(mo, group):
    opened, handed = tell(group), tell(group, Kind.STOPPED)
    page = mo.get(reverse(LIST))
    text = assert_sound(page)
    assert_no_models(page.context)
    assert opened.reference in text
    assert handed.reference not in text
    assert [state["count"] for state in page.context["states"]] == [1, 1, 0]
    assert handed.reference in mo.get(reverse(LIST), {"state": "with_group"}).text
    assert mo.get(reverse(LIST), {"state": "?"}).status_code == 200
    assert "1 reported problem is open" in mo.get(reverse("checking")).text
    assert "Reported problems</a></td><td>1<" in mo.get(reverse("wagtailadmin_home")).text


def test_the_worklist_takes_the_same_queries_however_long_it_is(mo, group, django_assert_max_num_queries):
    tell(group)
    mo.get(reverse(LIST))
    with CaptureQueriesContext(
        connection,
    ) as few:
        mo.get(reverse(LIST))
    for number in range(3):
        tell(GroupPageFactory(), words=str(number))
    with django_assert_max_num_queries(len(few)):
        mo.get(reverse(LIST))


def test_a_report_is_found_by_its_number_and_a_wrong_number_says_so(mo, group):
    problem = tell(group)
    assert mo.get(reverse(LIST), {"find": problem.reference.lower()})["Location"] == at(problem)
    assert "no report with this number" in mo.get(reverse(LIST), {"find": "4F7K-9999"}).text
    assert mo.get(reverse("checking_problem", args=["4F7K-9999"])).status_code == 404


def test_a_moderator_asks_the_group_and_closes(mo, group):
    problem = tell(group, email="sam@example.org")
    page = mo.get(at(problem))
    assert_no_models(page.context)
    assert "mailto:sam@example.org" in assert_sound(page)
    assert "done=passed" in mo.post(at(problem), {"do": "pass"})["Location"]
    assert Problem.objects.get().state == State.WITH_GROUP
    assert mo.post(at(problem), {"do": "pass"}).status_code == 422
    assert mo.post(at(problem), {"do": "close", "note": ""}).status_code == 422
    assert "done=closed" in mo.post(at(problem), {"do": "close", "note": "Taken away."})["Location"]
    closed = mo.get(at(problem)).text
    assert "sam@example.org" not in closed
    assert 'value="close"' not in closed
    assert mo.post(at(problem), {"do": "close", "note": "Twice."}).status_code == 422
    assert QueuedMail.objects.filter(to="sam@example.org").count() == 1


@pytest.mark.parametrize("typed", [{}, {"do": "?"}, {"do": "close", "note": "\0"}])
def test_an_odd_press_says_what_to_do(mo, group, typed):
    assert mo.post(at(tell(group)), typed).status_code == 422


def test_a_worry_about_safety_has_no_way_to_the_group(mo, group, pat):
    problem = tell(group, Kind.SAFETY, "She has bruises.")
    assert 'value="pass"' not in mo.get(at(problem)).text
    mo.post(at(problem), {"do": "pass"})
    mo.force_login(pat)
    assert "bruises" not in mo.get(reverse("my_group_problems", args=[group.uid])).text


def test_the_group_reads_and_answers(client, group, pat):
    problem = tell(group, Kind.STOPPED, "Nobody was there.", email="sam@example.org")
    client.force_login(pat)
    address = reverse("my_group_problems", args=[group.uid])
    assert address in client.get(reverse("my_group", args=[group.uid])).text
    page = client.get(address)
    assert_no_models(page.context)
    text = assert_sound(page)
    assert "Nobody was there." in text
    assert "sam@example.org" not in text
    empty = client.post(address, {"reference": problem.reference, "note": ""})
    assert f'href="#note-{problem.reference}"' in assert_sound(empty, 422)
    answer = client.post(address, {"reference": problem.reference, "note": "We moved rooms."})
    assert "Thank you" in client.get(answer["Location"]).text
    assert Problem.objects.get().state == State.OPEN
    assert client.post(address, {"reference": problem.reference, "note": "Again."}).status_code == 422


def test_nobody_answers_for_another_group(client, group, pat):
    other = GroupPageFactory()
    Membership.objects.create(user=UserFactory(), group_uid=other.uid, role="lead")
    problem = tell(other, Kind.STOPPED)
    client.force_login(pat)
    answer = client.post(
        reverse("my_group_problems", args=[group.uid]), {"reference": problem.reference, "note": "Ha."}
    )
    assert answer.status_code == 422
    assert Problem.objects.get().state == State.WITH_GROUP

""" "Report a problem" as a visitor meets it."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from groups.models import Membership, Problem, Tries
from groups.problems import verbs
from groups.throttle import Limit
from tests.factories import GroupPageFactory, UserFactory
from tests.portal.helpers import assert_no_models, assert_sound

SAID = {"kind": "meeting", "words": "It is on Mondays now.", "email": "sam@example.org"}


@pytest.fixture
def group(site_tree):
    group = GroupPageFactory(title="Riverside Knitters")
    Membership.objects.create(user=UserFactory(), group_uid=group.uid, role="lead")
    return group


@pytest.fixture
def address(group):
    return reverse("report_problem", args=[group.uid])


def test_a_visitor_reports_and_gets_a_reference(client, group, address):
    page = client.get(group.url)
    assert f'href="{address}"' in page.text
    form = client.get(address)
    assert "no names of patients" in assert_sound(form)
    assert_no_models(form.context)
    answer = client.post(address, SAID)
    problem = Problem.objects.get()
    assert (problem.kind, problem.words, problem.email) == tuple(SAID.values())
    sent = client.get(answer["Location"])
    assert problem.reference in assert_sound(sent)
    assert_no_models(sent.context)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "no such"}, "kind"),
        ({"words": " "}, "words"),
        ({"words": "a" * 1001}, "words"),
        ({"words": "a\0b"}, "words"),
        ({"email": "sam"}, "email"),
        ({"subject": "Cheap pills"}, "subject"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_what_was_typed_is_kept(client, address, changes, field):
    said = {**SAID, **changes}
    answer = client.post(address, said)
    text = assert_sound(answer, 422)
    assert f'href="#{field}"' in text
    if field != "email":
        assert 'value="sam@example.org"' in text
    if field != "words":
        assert "It is on Mondays now." in text
    assert not Problem.objects.exists()


def test_machines_see_a_box_that_people_do_not(client, address):
    text = client.get(address).text
    assert re.search(
        r'<div hidden>\s*<div class="field">\s*<label for="subject"', re.sub(r"\n\s*\n", "\n", text)
    )


def test_a_worry_about_safety_shows_urgent_help_before_anything_is_sent(client, address):
    said = {**SAID, "kind": "safety"}
    first = client.post(address, said)
    text = assert_sound(first)
    assert text.index("Do not wait for us") < text.index("<h1>")
    assert "Nothing is sent yet" in text
    assert "It is on Mondays now." in text
    assert not Problem.objects.exists()
    assert 'name="seen_help" value="1"' in text
    assert client.post(address, {**said, "seen_help": "1"}).status_code == 302
    assert Problem.objects.get().kind == "safety"


def test_one_address_reports_so_often_and_is_kept_nowhere_in_the_clear(client, group, address, monkeypatch):
    monkeypatch.setattr(verbs, "FROM_ONE_ADDRESS", Limit("problems", 2))
    here = Client(REMOTE_ADDR="192.0.2.44")
    answers = [here.post(address, {**SAID, "words": f"Wrong {n}."}).status_code for n in range(3)]
    assert answers == [302, 302, 429]
    assert Client(REMOTE_ADDR="192.0.2.45").post(address, SAID).status_code == 302
    assert "192.0.2" not in str([*Tries.objects.values(), *Problem.objects.values()])


def test_only_a_reference_that_we_gave_out_is_shown(client, address):
    answer = client.get(address, {"sent": "CALL-0900"})
    assert "CALL-0900" not in assert_sound(answer)


def test_a_page_that_is_not_public_answers_like_one_that_never_was(client, site_tree):
    draft = reverse("report_problem", args=[GroupPageFactory(draft=True).uid])
    nothing = reverse("report_problem", args=[uuid.UUID(int=7)])
    for ask in (client.get, lambda path: client.post(path, SAID)):
        answers = [ask(path) for path in (draft, nothing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        one, other = (
            answer.text.replace(path, "") for answer, path in zip(answers, (draft, nothing), strict=True)
        )
        assert re.sub(r'value="\w{64}"', "", one) == re.sub(r'value="\w{64}"', "", other)
    assert not Problem.objects.exists()


def test_on_a_page_that_puts_somebody_at_risk_there_is_a_way_out(client, site_tree):
    group = GroupPageFactory(hidden=True, title="Harbour Women's Support")
    address = reverse("report_problem", args=[group.uid])
    sent = client.post(address, SAID)["Location"]
    for path in (address, sent):
        answer = client.get(path)
        text = assert_sound(answer)
        assert "<title>Information" in re.sub(r"\s+", " ", text).replace("<title> ", "<title>")
        assert "data-exit" in text
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]

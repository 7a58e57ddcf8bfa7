"""From what a visitor says to the answer: who hears what, who does what, and what is kept of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from groups.admin.roles import ensure_roles
from groups.listings.privacy import hide_places
from groups.models import GroupPage, Membership, Problem, QueuedMail
from groups.people.erasing import forget_address
from groups.problems import verbs
from groups.problems.models import Kind, State, new_reference
from groups.problems.queries import by_reference, history, with_group, worklist
from groups.throttle import Limit
from tests.factories import MARKER, GroupPageFactory, UserFactory
from tests.groups.admin.test_privacy import traces
from tests.groups.people.test_erasing import tables_with

NOW = timezone.now()
SAM = "sam@example.org"


@pytest.fixture
def moderator(db):
    user = UserFactory(first_name="Mo", email="mo@waymark.example")
    user.groups.add(next(group for group in ensure_roles() if group.name == "Moderators"))
    return user


@pytest.fixture
def pat(db):
    return UserFactory(first_name="Pat", email="pat@waymark.example")


@pytest.fixture
def group(site_tree, moderator, pat):
    group = GroupPageFactory(title="Riverside Knitters")
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    return group


def tell(group, kind=Kind.MEETING, words="It is on Mondays now.", email="", now=NOW):
    return verbs.report(group, kind=kind, words=words, email=email, now=now)


def told_to():
    return sorted(QueuedMail.objects.values_list("template", "to"))


def again(problem):
    return Problem.objects.get(pk=problem.pk)


def test_a_reference_can_be_said_and_typed_in_any_way(group):
    problem = tell(group)
    assert by_reference(problem.reference.lower().replace("-", " ")) == problem
    assert by_reference("4F7K") is None
    assert len({new_reference() for _time in range(50)}) == 50


def test_the_group_and_the_moderators_hear_and_the_words_stay_in_house(group):
    problem = tell(group, words="Ring Jean, she has cancer.", email=SAM)
    assert problem.state == State.WITH_GROUP
    assert told_to() == [
        ("problem_for_group", "pat@waymark.example"),
        ("problem_for_staff", "mo@waymark.example"),
    ]
    for mail in QueuedMail.objects.all():
        assert problem.reference in mail.subject + mail.text
        assert "When or where it meets is wrong" in mail.text
        assert "cancer" not in mail.text
        assert SAM not in mail.text


def test_a_page_nobody_keeps_waits_for_staff(site_tree, moderator):
    group = GroupPageFactory()
    assert tell(group).state == State.OPEN
    assert told_to() == [("problem_for_staff", "mo@waymark.example")]


@pytest.mark.parametrize("kind", [Kind.SAFETY, Kind.UNFIT])
def test_staff_see_some_things_first(group, moderator, kind):
    problem = tell(group, kind)
    assert problem.state == State.OPEN
    assert told_to() == [("problem_for_staff", "mo@waymark.example")]
    if kind == Kind.UNFIT:
        verbs.pass_to_group(problem, by=moderator, now=NOW)
        assert ("problem_for_group", "pat@waymark.example") in told_to()
        return
    with pytest.raises(ValidationError, match="must not hear"):
        verbs.pass_to_group(problem, by=moderator, now=NOW)


def test_a_worry_about_safety_says_so_and_stands_first(group):
    tell(group, Kind.UNFIT)
    tell(group, Kind.SAFETY)
    assert [one.is_safety for one in worklist(State.OPEN)] == [True, False]
    assert QueuedMail.objects.filter(subject__startswith="Please look today").count() == 1


def test_the_way_to_the_end_names_everybody(group, pat, moderator):
    problem = tell(group, email=SAM)
    assert [one.reference for one in with_group(group.uid)] == [problem.reference]
    verbs.answer(problem, by=pat, note="Put right.", now=NOW + timedelta(hours=1))
    assert again(problem).state == State.OPEN
    assert with_group(group.uid) == []
    with pytest.raises(ValidationError, match="meanwhile"):
        verbs.answer(problem, by=pat, note="Twice.", now=NOW)
    verbs.close(problem, by=moderator, note="The page is right now.", now=NOW + timedelta(hours=2))
    assert [(done.who, done.what, done.details) for done in history(problem)] == [
        ("A visitor", "Somebody told us", ""),
        ("By itself", "The group was told", ""),
        ("Pat", "The group answered", "Put right."),
        ("Mo", "Closed", "The page is right now."),
    ]
    assert again(problem).closed_at == NOW + timedelta(hours=2)
    with pytest.raises(ValidationError, match="closed meanwhile"):
        verbs.close(problem, by=moderator, note="Twice.", now=NOW)
    assert QueuedMail.objects.filter(template="problem_closed").count() == 1


def test_closing_tells_the_reporter_and_forgets_the_address(group, moderator):
    problem = tell(group, email="Sam@Example.org")
    verbs.close(problem, by=moderator, note="The page is right now.", now=NOW)
    mail = QueuedMail.objects.get(template="problem_closed")
    assert mail.to == SAM
    assert "Riverside Knitters" in mail.text
    assert "The page is right now." in mail.text
    assert tables_with(SAM) == ["groups_queuedmail"]
    forget_address(SAM)
    assert tables_with(SAM) == []


def test_an_address_is_forgotten_with_its_account_while_the_problem_stays(group):
    problem = tell(group, email=SAM)
    forget_address(SAM)
    assert again(problem).email == ""


def test_nobody_who_left_no_address_is_written_to(group, moderator):
    verbs.close(tell(group), by=moderator, note="Done.", now=NOW)
    assert not QueuedMail.objects.filter(template="problem_closed").exists()


@pytest.mark.parametrize("note", ["", " \n", "a" * 1001])
def test_closing_needs_a_note_of_some_words(group, moderator, note):
    problem = tell(group, email=SAM)
    with pytest.raises(ValidationError):
        verbs.close(problem, by=moderator, note=note, now=NOW)
    assert again(problem).email == SAM
    assert not QueuedMail.objects.filter(template="problem_closed").exists()


def test_the_group_is_asked_once_at_a_time_and_only_where_somebody_keeps_the_page(group, moderator):
    with pytest.raises(ValidationError, match="already"):
        verbs.pass_to_group(tell(group), by=moderator, now=NOW)
    alone = tell(GroupPageFactory())
    with pytest.raises(ValidationError, match="Ring the group"):
        verbs.pass_to_group(alone, by=moderator, now=NOW)


def test_a_second_press_is_the_same_problem_and_an_hour_later_it_is_not(group):
    first = tell(group)
    assert tell(group, now=NOW + timedelta(minutes=5)) == first
    assert tell(group, words="Something else.") != first
    assert tell(group, now=NOW + timedelta(hours=2)) != first


def test_a_flood_is_taken_but_not_mailed(group, monkeypatch):
    monkeypatch.setattr(verbs, "MAILED_ABOUT_ONE_GROUP", Limit("mailed", 1))
    tell(group)
    sent = QueuedMail.objects.count()
    assert tell(group, words="Again.").state == State.OPEN
    assert QueuedMail.objects.count() == sent
    tell(group, Kind.SAFETY)
    assert QueuedMail.objects.count() == sent + 1


# --- what is kept beside a page -------------------------------------------------------------------


def test_hiding_a_place_takes_it_from_problems_and_their_letters(site_tree, moderator):
    group = GroupPageFactory(area_only=True)
    problem = tell(group, words=f"It moved from {MARKER}.")
    verbs.close(tell(group, words="Two.", email=SAM), by=moderator, note=f"Not {MARKER}.", now=NOW)
    hide_places(group, by=UserFactory(superuser=True))
    assert traces() == {}
    assert again(problem).words == "It moved from […]."


def test_a_hidden_group_is_not_named_to_whoever_reads_the_reporters_mail(site_tree, moderator):
    group = GroupPageFactory(hidden=True, title="Harbour Women's Support")
    verbs.close(tell(group, email=SAM), by=moderator, note="Done.", now=NOW)
    mail = QueuedMail.objects.get(to=SAM)
    assert "Harbour" not in mail.subject + mail.text + mail.html


def test_problems_go_with_their_page(group):
    tell(group)
    GroupPage.objects.get(pk=group.pk).delete()
    assert not Problem.objects.exists()


def test_closed_ones_are_old_after_two_years(group, moderator):
    problem = tell(group)
    verbs.close(problem, by=moderator, note="Done.", now=NOW)
    assert not Problem.objects.old(NOW + timedelta(days=729))
    assert list(Problem.objects.old(NOW + timedelta(days=731))) == [problem]

"""Hiding a place takes it from the whole database; loosening asks a named permission."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.models import FormState
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Comment

from groups.listings import changes
from groups.listings.facts import cancel_date, close_between, move_date
from groups.listings.privacy import ChangeLocationVisibility, hide_places
from groups.models import FactHistory, GroupFacts, GroupPage, GroupSession, User, Venue
from tests import whole_database
from tests.factories import (
    MARKER,
    GroupPageFactory,
    GroupSessionFactory,
    ServedAreaFactory,
    SourceRecordFactory,
    UserFactory,
    VenueFactory,
)

POSTCODE = "CM2 9ZZ"


def traces():
    """Where the place stands, in every column of every table."""
    return whole_database.traces(r"marrowfat|cm2[^0-9a-z]*9zz")


@pytest.fixture(scope="module")
def site_tree(shared_site_tree):
    return shared_site_tree


@pytest.fixture(scope="module")
def stored_staff(site_tree):
    return UserFactory(superuser=True).pk


@pytest.fixture
def staff(stored_staff, db):
    return User.objects.get(pk=stored_staff)


@pytest.fixture
def group(stored_group, db):
    return GroupPage.objects.get(pk=stored_group)


@pytest.fixture(scope="module")
def stored_group(stored_staff):
    """A group whose place stands wherever a place can stand."""
    staff = User.objects.get(pk=stored_staff)
    venue = VenueFactory(name=MARKER, address=f"1 {MARKER}", postcode=POSTCODE)
    page = GroupPageFactory(
        area_name="Moulsham",
        getting_there=f"Ring at {MARKER}.",
        description="We meet in the back room of marrowfat  COTTAGE, CM29ZZ.",
        times_note="Ring the bell at 1 Marrowfat Cottage.",
        sessions=[
            GroupSessionFactory.build(venue=venue),
            GroupSessionFactory.build(private=True, label=f"At {MARKER}"),
        ],
        served_areas=[
            ServedAreaFactory.build(kind="radius", place=POSTCODE, label=POSTCODE, miles=3),
            ServedAreaFactory.build(kind="district", place=POSTCODE),
        ],
    )
    session = page.sessions.first()
    draft = page.get_latest_revision_as_object()
    draft.summary = f"Now at {MARKER}"
    draft.slug = "marrowfat-cottage-group"
    draft.save_revision(user=staff)
    soon = timezone.localdate() + timedelta(days=7)
    move_date(page.uid, session.uid, soon, by=staff, to_date=soon, venue=venue, reason=f"Back at {MARKER}")
    cancel_date(page.uid, session.uid, soon + timedelta(days=7), by=staff, reason=f"{MARKER} is shut")
    close_between(page.uid, soon, soon, by=staff, reason=f"No key to {MARKER}")
    GroupFacts.objects.for_group(page.uid).set_capacity("space", by=staff, note=f"Two at {MARKER}")
    SourceRecordFactory(
        group_uid=page.uid, values={"venue": {"name": MARKER, "town": "X"}, "summary": f"At {MARKER}"}
    )
    Redirect.objects.create(old_path="/groups/marrowfat-cottage", redirect_page=page)
    log(page, "wagtail.rename", user=staff, data={"title": {"old": MARKER, "new": page.title}})
    log(venue, "wagtail.create", user=staff)
    Comment.objects.create(page=page, user=staff, text=f"Is {POSTCODE} right?", contentpath="summary")
    FormState.objects.update_or_create_by_instance(
        page,
        user=staff,
        defaults={"data": f"summary={MARKER.replace(' ', '+')}", "last_updated_at": timezone.now()},
    )
    return page.pk


def test_the_test_finds_a_place_where_it_stands(group):
    assert {
        "groups_venue.name",
        "groups_groupsession.place_address",
        "groups_datechangerecord.reason",
        "wagtailcore_revision.content",
        "wagtailcore_pagelogentry.data",
        "wagtailcore_modellogentry.label",
        "wagtailredirects_redirect.old_path",
        "wagtailadmin_formstate.data",
    } <= set(traces())
    assert any(name.startswith("search_") for name in traces())


def test_hiding_leaves_no_trace_in_any_table(group, staff):
    assert traces()
    hide_places(group, by=staff)
    assert traces() == {}
    page = GroupPage.objects.get(pk=group.pk)
    assert page.live
    assert page.has_unpublished_changes
    assert "Now at […]" in json.dumps(page.get_latest_revision().content, ensure_ascii=False)
    assert page.area_name == "Moulsham"
    assert [area.place for area in page.served_areas.all()] == ["Chelmsford"]
    assert GroupFacts.objects.for_group(group.uid).location_visibility == "hidden"
    assert FactHistory.objects.filter(group_uid=group.uid, fact="location_visibility", by=staff).exists()


def test_hiding_twice_is_safe(group, staff):
    hide_places(group, by=staff)
    hide_places(group, by=staff)
    assert traces() == {}


def test_the_draft_can_still_be_opened_and_published(group, staff):
    hide_places(group, by=staff)
    page = GroupPage.objects.get(pk=group.pk)
    page.get_latest_revision().publish()
    assert traces() == {}
    assert [session.venue_id for session in page.sessions.all()] == [None, None]


def test_a_hall_that_others_use_stays(group, staff):
    venue = Venue.objects.get(name=MARKER)
    other = GroupPageFactory(sessions=[GroupSessionFactory.build(venue=venue)])
    hide_places(group, by=staff)
    assert Venue.objects.filter(pk=venue.pk).exists()
    assert other.sessions.get().venue_id == venue.pk


def test_a_hall_that_only_another_draft_names_stays(group, staff):
    venue = Venue.objects.get(name=MARKER)
    GroupPageFactory(draft=True, sessions=[GroupSessionFactory.build(venue=venue)])
    hide_places(group, by=staff)
    assert Venue.objects.filter(pk=venue.pk).exists()


def test_a_name_that_gives_the_place_away_is_refused_and_nothing_changes(group, staff):
    group.title = f"Friends of {MARKER}"
    group.save()
    before = traces()
    with pytest.raises(ValidationError, match="name or web address"):
        hide_places(group, by=staff)
    assert traces() == before
    assert GroupFacts.objects.for_group(group.uid).location_visibility == "public"


def test_nothing_is_half_hidden_when_the_index_fails(group, staff, monkeypatch):
    def broken(versions):
        raise RuntimeError("index")

    before = traces()
    monkeypatch.setattr(changes, "_writers", [broken])
    with pytest.raises(RuntimeError, match="index"):
        hide_places(group, by=staff)
    assert traces() == before


@pytest.mark.parametrize("visibility", ["area_only", "on_contact"])
def test_stricter_than_public_gives_up_the_venue_in_every_version(group, staff, visibility):
    ChangeLocationVisibility(group, visibility, by=staff).execute()
    assert not GroupSession.objects.filter(page=group, venue__isnull=False).exists()
    first = GroupPage.objects.get(pk=group.pk).sessions.first()
    assert (first.place_name, first.place_address, first.place_postcode) == (
        MARKER,
        f"1 {MARKER}, Chelmsford",
        POSTCODE,
    )
    for revision in group.revisions.all():
        assert [row["venue"] for row in revision.content["sessions"]] == [None, None]
    assert Venue.objects.filter(name=MARKER).exists()


@pytest.mark.parametrize(
    ("here", "wanted"),
    [("hidden", "public"), ("hidden", "on_contact"), ("on_contact", "area_only"), ("area_only", "public")],
)
def test_loosening_asks_a_named_permission(site_tree, here, wanted, staff):
    page = GroupPageFactory(facts__location_visibility=here, area_name="Moulsham")
    with pytest.raises(ValidationError, match="Ask an admin"):
        ChangeLocationVisibility(page, wanted, by=UserFactory()).execute()
    assert GroupFacts.objects.for_group(page.uid).location_visibility == here
    ChangeLocationVisibility(page, wanted, by=staff).execute()
    assert GroupFacts.objects.for_group(page.uid).location_visibility == wanted

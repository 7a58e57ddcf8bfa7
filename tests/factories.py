"""Things to test with, published the way Wagtail publishes; groups as imports write them, once, and in no reference index.

Usage:
    group = GroupPageFactory()                        # published, one weekly session at a new public venue
    GroupPageFactory(draft=True)                      # a page that was never published
    GroupPageFactory(full=True, confirmed=True)       # today's facts by trait
    GroupPageFactory(facts__status="paused")          # or one by one
    GroupPageFactory(activities=[ActivityFactory(slug="art")], contacts=[ContactFactory.build(value="…")])
    GroupPageFactory(area_only=True)                  # on_contact, hidden: with a private address to look for
    GroupPageFactory(sessions=[GroupSessionFactory.build(venue=VenueFactory(postcode="CM1 1QH"))])
    VenueFactory(access={"step_free": "yes"})         # with an answer about access

Rows are handed over built, not created: a page writes its own. They need the fixture `site_tree`.
"""

import uuid
from datetime import time

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Locale, Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from groups.bulk import publish_new
from groups.listings.choices import Capacity, ConfirmedBy, LocationVisibility, Status
from groups.models import (
    Activity,
    ActivityFamily,
    Circumstance,
    Contact,
    GroupAccess,
    GroupFacts,
    GroupIndexPage,
    GroupPage,
    GroupSession,
    GuideIndexPage,
    GuidePage,
    HelpPanel,
    HomePage,
    Language,
    Need,
    NeedActivity,
    NeedArea,
    Organisation,
    ServedArea,
    SourceRecord,
    TermDates,
    Venue,
    VenueAccess,
)

MARKER = "Marrowfat Cottage"
"""The name and address of each private place made here: no output may hold it."""


class UserFactory(DjangoModelFactory):
    """Usage: UserFactory(), UserFactory(superuser=True)."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    class Params:
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    email = factory.Sequence(lambda n: f"person{n}@waymark.example")
    password = factory.django.Password("a long password")


# --- vocabulary -----------------------------------------------------------------------------------


class TranslatableFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    locale = factory.LazyFunction(Locale.get_default)


class ActivityFamilyFactory(TranslatableFactory):
    class Meta:
        model = ActivityFamily
        django_get_or_create = ("slug",)

    slug = "make"
    label = "Making and art"
    colour = "plum"


class ActivityFactory(TranslatableFactory):
    """Usage: ActivityFactory(slug="art", label="Art groups", phrases="painting")."""

    class Meta:
        model = Activity
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"activity_{n}")
    label = factory.LazyAttribute(lambda term: term.slug.replace("_", " ").capitalize())
    family = factory.SubFactory(ActivityFamilyFactory)


class NeedAreaFactory(TranslatableFactory):
    class Meta:
        model = NeedArea
        django_get_or_create = ("slug",)

    slug = "connection"
    label = "Feeling alone"


class NeedFactory(TranslatableFactory):
    """Usage: NeedFactory(slug="lonely", helped_by=[activity, …])."""

    class Meta:
        model = Need
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"need_{n}")
    label = factory.LazyAttribute(lambda term: f"I need {term.slug.replace('_', ' ')}")
    area = factory.SubFactory(NeedAreaFactory)

    @factory.post_generation
    def helped_by(self, create, activities, **kwargs):
        if create and activities:
            self.helping_activities = [
                NeedActivity(activity=activity, sort_order=place) for place, activity in enumerate(activities)
            ]
            self.save()


class CircumstanceFactory(TranslatableFactory):
    class Meta:
        model = Circumstance
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"circumstance_{n}")
    label = factory.LazyAttribute(lambda term: term.slug.replace("_", " ").capitalize())


class LanguageFactory(TranslatableFactory):
    class Meta:
        model = Language
        django_get_or_create = ("slug",)

    slug = "pl"
    label = factory.LazyAttribute(lambda term: {"en": "English", "pl": "Polish"}.get(term.slug, term.slug))


class HelpPanelFactory(TranslatableFactory):
    class Meta:
        model = HelpPanel

    slug = factory.Sequence(lambda n: f"panel-{n}")
    heading = "Talk to someone now"
    lines = "Ring 0808 157 0000 at any hour."


# --- shared things --------------------------------------------------------------------------------


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Kettle Street Friends {n}")
    about = "Two neighbours and a kettle."


class VenueFactory(DjangoModelFactory):
    """A public place in Chelmsford.

    Usage: VenueFactory(access={"step_free": "yes", "lift": "no"}).
    """

    class Meta:
        model = Venue
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Oaklands Hall {n}")
    address = "14 Vicarage Lane"
    town = "Chelmsford"
    postcode = "CM1 1QH"
    district = "Chelmsford"
    latitude = 51.73575
    longitude = 0.46958

    @factory.post_generation
    def access(self, create, answers, **kwargs):
        if create and answers:
            VenueAccess.objects.bulk_create(
                VenueAccess(venue=self, feature=feature, answer=answer) for feature, answer in answers.items()
            )


class TermDatesFactory(DjangoModelFactory):
    """Usage: TermDatesFactory(district="Chelmsford", first_day=…, last_day=…)."""

    class Meta:
        model = TermDates

    name = "Autumn"


# --- rows of a group: build them, the page saves them ---------------------------------------------


class RowFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    locale = factory.LazyFunction(Locale.get_default)


class GroupSessionFactory(RowFactory):
    """Tuesdays 10 to 12 unless told.

    Usage: GroupSessionFactory.build(weekdays=["sat"], venue=VenueFactory()).
    """

    class Meta:
        model = GroupSession

    class Params:
        online = factory.Trait(mode="online")
        telephone = factory.Trait(mode="telephone", frequency="arranged", weekdays=[], start=None, end=None)
        at_home = factory.Trait(mode="home", frequency="arranged", weekdays=[], start=None, end=None)
        private = factory.Trait(place_name=MARKER, place_address=f"1 {MARKER}", place_postcode="CM2 9ZZ")

    weekdays = ["tue"]
    start = time(10)
    end = time(12)


class ContactFactory(RowFactory):
    class Meta:
        model = Contact

    kind = "phone"
    value = "01632 960123"
    visibility = "public"


class ServedAreaFactory(RowFactory):
    class Meta:
        model = ServedArea

    kind = "district"
    place = "Chelmsford"
    label = "Chelmsford"
    district_code = "E07000070"


class GroupAccessFactory(RowFactory):
    class Meta:
        model = GroupAccess

    feature = "quiet_space"
    answer = "yes"


# --- pages ----------------------------------------------------------------------------------------


class PageFactory(DjangoModelFactory):
    """A page under `parent`, published unless `draft`."""

    class Meta:
        abstract = True

    class Params:
        draft = False

    title = factory.Sequence(lambda n: f"Page {n}")
    slug = factory.Sequence(lambda n: f"page-{n}")

    @classmethod
    def _create(cls, model_class, *args, parent, live=True, **kwargs):
        page = model_class(*args, live=False, has_unpublished_changes=True, **kwargs)
        parent.add_child(instance=page)
        revision = page.save_revision()
        if live:
            revision.publish()
        page.refresh_from_db()
        return page


class HomePageFactory(PageFactory):
    class Meta:
        model = HomePage

    title = "Home"
    parent = factory.LazyFunction(Page.get_first_root_node)


class GroupIndexPageFactory(PageFactory):
    class Meta:
        model = GroupIndexPage

    title = "Groups"
    parent = factory.LazyFunction(HomePage.objects.get)


class GuideIndexPageFactory(PageFactory):
    class Meta:
        model = GuideIndexPage

    title = "Guides"
    parent = factory.LazyFunction(HomePage.objects.get)


class GuidePageFactory(PageFactory):
    class Meta:
        model = GuidePage

    summary = "What it is like."
    parent = factory.LazyFunction(lambda: GuideIndexPage.objects.first() or GuideIndexPageFactory())


def _facts(**values):
    return {f"facts__{name}": value for name, value in values.items()}


class GroupPageFactory(PageFactory):
    """A group with its rows and today's facts. See the top of the file."""

    class Meta:
        model = GroupPage

    class Params:
        draft = factory.Trait(live=False)
        full = factory.Trait(
            **_facts(capacity=Capacity.FULL, capacity_on=factory.LazyFunction(timezone.localdate))
        )
        confirmed = factory.Trait(
            **_facts(last_confirmed_at=factory.LazyFunction(timezone.now), confirmed_by=ConfirmedBy.GROUP)
        )
        closed = factory.Trait(
            **_facts(status=Status.CLOSED, closed_on=factory.LazyFunction(timezone.localdate))
        )
        private = factory.Trait(
            area_name="Moulsham",
            getting_there=f"Turn left at {MARKER}.",
            sessions=factory.LazyFunction(
                lambda: [GroupSessionFactory.build(private=True, venue=VenueFactory(name=MARKER))]
            ),
            served_areas=factory.LazyFunction(
                lambda: [ServedAreaFactory.build(kind="radius", place="CM2 9ZZ", label=MARKER, miles=3)]
            ),
        )
        area_only = factory.Trait(private=True, **_facts(location_visibility=LocationVisibility.AREA_ONLY))
        on_contact = factory.Trait(private=True, **_facts(location_visibility=LocationVisibility.ON_CONTACT))
        hidden = factory.Trait(private=True, **_facts(location_visibility=LocationVisibility.HIDDEN))

    title = factory.Sequence(lambda n: f"Natter Group {n}")
    slug = factory.Sequence(lambda n: f"natter-group-{n}")
    summary = "Tea, wool and talk."
    parent = factory.LazyFunction(lambda: GroupIndexPage.objects.order_by("path").first())
    facts = factory.Dict({})
    sessions = factory.LazyFunction(lambda: [GroupSessionFactory.build(venue=VenueFactory())])

    @classmethod
    def _create(cls, model_class, *args, facts, tags=(), translation_key=None, **kwargs):
        translation_key = translation_key or uuid.uuid4()
        if facts:
            GroupFacts.objects.create(group_uid=translation_key, **facts)
        children = {name: kwargs.pop(name) for name in [*kwargs] if name in _ROWS or name in _TERMS}
        page = model_class(
            *args,
            live=False,
            has_unpublished_changes=True,
            translation_key=translation_key,
            **{name: value for name, value in kwargs.items() if name not in ("parent", "live")},
        )
        for name, rows in children.items():
            setattr(page, name, rows)
        page.tags.add(*tags)
        with disable_reference_index_auto_update():
            if kwargs.get("live", True):
                publish_new(page, kwargs["parent"])
            else:
                kwargs["parent"].add_child(instance=page)
                page.save_revision()
        return GroupPage.objects.get(pk=page.pk)


_ROWS = {"sessions", "served_areas", "access_answers", "contacts", "photos"}
_TERMS = {
    "activities",
    "needs",
    "suggested_activities",
    "suggested_needs",
    "circumstances",
    "languages",
}


class SourceRecordFactory(DjangoModelFactory):
    class Meta:
        model = SourceRecord

    group_uid = factory.LazyFunction(uuid.uuid4)
    source = "register"
    ref = factory.Sequence(str)
    source_name = "The Register"

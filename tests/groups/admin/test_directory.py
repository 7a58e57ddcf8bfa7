"""The screens of what listings share, and merging tags."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from groups.listings.tags import MergeTags
from groups.models import GroupPage, GroupTag, Organisation
from tests.factories import GroupPageFactory, OrganisationFactory, SourceRecordFactory, VenueFactory

MODELS = (
    "organisation", "venue", "activity", "activityfamily", "need", "needarea", "circumstance", "language",
    "falsefriend", "helppanel", "grouptag", "termdates",
)  # fmt: skip


@pytest.mark.parametrize("model", MODELS)
def test_each_list_and_form_opens(site_tree, vocabulary, signed_in, model):
    for view in ("list", "add"):
        assert signed_in.get(reverse(f"wagtailsnippets_groups_{model}:{view}")).status_code == 200


def test_the_menu_is_in_the_order_of_the_work(site_tree, signed_in):
    SourceRecordFactory()
    page = signed_in.get(reverse("wagtailadmin_home")).text
    places = [page.index(reverse("waymark_groups:index"))]
    places += [page.index(reverse(f"wagtailsnippets_groups_{model}:list")) for model in MODELS]
    places.append(page.index(reverse("wagtailsnippets_groups_sourcerecord:list")))
    assert places == sorted(places)


@pytest.mark.parametrize("words", ["oakl", "vicar", "cm1 1", "lane oaklands"])
def test_venues_are_found_by_any_part(site_tree, signed_in, words):
    VenueFactory(name="Oaklands Hall")
    VenueFactory(name="Elsewhere", address="1 High Street", postcode="BN1 1AA", town="Brighton")
    listed = signed_in.get(reverse("wagtailsnippets_groups_venue:list"), {"q": words}).text
    assert "Oaklands Hall" in listed
    assert "Elsewhere" not in listed


def test_the_chooser_searches_too(site_tree, signed_in):
    VenueFactory(name="Oaklands Hall")
    VenueFactory(name="Elsewhere")
    chooser = reverse("wagtailsnippetchoosers_groups_venue:choose_results")
    found = signed_in.get(chooser, {"q": "oakl"}).text
    assert "Oaklands Hall" in found
    assert "Elsewhere" not in found


def test_an_organisation_s_new_name_is_on_its_groups_at_once(site_tree, signed_in):
    organisation = OrganisationFactory(name="Old")
    page = GroupPageFactory(organisation=organisation)
    revisions = page.revisions.count()
    signed_in.post(
        reverse("wagtailsnippets_groups_organisation:edit", args=[organisation.pk]),
        {"name": "New", "about": "", "website": "", "charity_number": "", "company_number": ""},
    )
    assert Organisation.objects.get().name == "New"
    assert page.revisions.count() == revisions


@pytest.fixture
def tagged(site_tree):
    both = GroupPageFactory(title="both", tags=["tea", "teas"])
    one = GroupPageFactory(title="one", tags=["teas", "wool"])
    draft = one.get_latest_revision_as_object()
    draft.tags.add("cuppa")
    draft.save_revision()
    return both, one


def names(page):
    return sorted(tag.name for tag in page.tags.all())


def test_merging_keeps_every_page_s_tags(tagged, signed_in):
    tags = {tag.name: tag.pk for tag in GroupTag.objects.all()}
    chosen = [tags[name] for name in ("tea", "teas", "cuppa")]
    answer = signed_in.post(
        reverse("wagtailsnippets_groups_grouptag:merge"), {"tags": chosen, "keep": tags["tea"]}, follow=True
    )
    assert "2 groups now have the tag “tea”" in answer.text
    both, one = (GroupPage.objects.get(pk=page.pk) for page in tagged)
    assert (names(both), names(one)) == (["tea"], ["tea", "wool"])
    assert names(one.get_latest_revision_as_object()) == ["tea", "wool"]
    one.get_latest_revision().publish()
    assert names(GroupPage.objects.get(pk=one.pk)) == ["tea", "wool"]
    assert set(GroupTag.objects.values_list("name", flat=True)) == {"tea", "wool"}


def test_older_versions_can_be_gone_back_to(tagged, staff):
    tea, teas = GroupTag.objects.get(name="tea"), GroupTag.objects.get(name="teas")
    first = tagged[1].revisions.order_by("pk").first()
    MergeTags(tea, [teas], by=staff).execute()
    first.refresh_from_db()
    assert names(first.as_object()) == ["tea", "wool"]


@pytest.mark.parametrize(
    ("chosen", "keep", "sentence"),
    [
        ([], "tea", "Tick two tags or more."),
        (["tea"], "tea", "Choose two tags or more."),
        (["tea", "teas"], "", "Choose the tag to keep."),
    ],
)
def test_what_merging_needs(tagged, signed_in, chosen, keep, sentence):
    tags = {tag.name: tag.pk for tag in GroupTag.objects.all()}
    answer = signed_in.post(
        reverse("wagtailsnippets_groups_grouptag:merge"),
        {"tags": [tags[name] for name in chosen], "keep": tags.get(keep, "")},
    )
    assert sentence in answer.text
    assert GroupTag.objects.count() == len(tags)


def test_merging_one_tag_with_itself_is_refused(tagged, staff):
    tea = GroupTag.objects.get(name="tea")
    with pytest.raises(ValidationError):
        MergeTags(tea, [tea], by=staff).execute()

import re
from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone

from groups.models import FactHistory, GroupPage
from tests.factories import (
    ActivityFactory,
    ContactFactory,
    GroupAccessFactory,
    GroupPageFactory,
    GroupSessionFactory,
    NeedFactory,
    VenueFactory,
)


@pytest.fixture
def rows(signed_in):
    """rows("checks", months=12): what each row of a report says of itself, by title."""

    def rows(report, **query):
        answer = signed_in.get(reverse(f"waymark_report_{report}"), query)
        assert answer.status_code == 200
        return {str(getattr(row, "title", None) or row): row for row in answer.context["object_list"]}

    return rows


def months_ago(months):
    return timezone.now() - relativedelta(months=months) - timedelta(days=2)


def test_groups_due_a_check(site_tree, rows, signed_in):
    for months in (1, 7, 12, 13, 18):
        GroupPageFactory(title=f"{months} months", facts__last_confirmed_at=months_ago(months))
    GroupPageFactory(title="never")
    GroupPageFactory(title="closed", facts__status="closed", facts__last_confirmed_at=months_ago(20))
    GroupPageFactory(title="draft", draft=True)
    assert list(rows("checks")) == ["never", "18 months", "13 months", "12 months", "7 months"]
    assert set(rows("checks", months=13)) == {"13 months", "18 months"}
    page = signed_in.get(reverse("waymark_report_checks")).text
    for words in ("Over 6 months (4)", "Over 12 months (3)", "Over 13 months (2)", "Over 18 months (1)"):
        assert words in page


def test_missing_facts(site_tree, rows):
    def whole(**rows):
        GroupPageFactory(activities=[ActivityFactory()], contacts=[ContactFactory.build()], **rows)

    whole(title="whole", access_answers=[GroupAccessFactory.build()])
    answered = VenueFactory(access={"step_free": "no"})
    whole(title="venue answers", sessions=[GroupSessionFactory.build(venue=answered)])
    unknown = [GroupAccessFactory.build(answer="unknown")]
    whole(title="unknown", access_answers=unknown)
    GroupPageFactory(title="bare", sessions=[])
    assert set(rows("missing")) == {"unknown", "bare"}
    assert set(rows("missing", lacks="no_session")) == {"bare"}
    assert set(rows("missing", lacks="no_access")) == {"unknown", "bare"}


def test_suggestions_are_accepted_with_one_press(site_tree, rows, signed_in, staff):
    art, sad = ActivityFactory(label="Art"), NeedFactory(label="Feel low")
    page = GroupPageFactory(title="Imported", suggested_activities=[art], suggested_needs=[sad])
    draft = page.get_latest_revision_as_object()
    draft.summary = "A draft that waits."
    draft.save_revision()
    assert rows("suggested")["Imported"].suggested_words == "Art, Feel low"
    signed_in.post(reverse("waymark_accept", args=[page.pk]))
    page = GroupPage.objects.get(pk=page.pk)
    assert (list(page.activities.all()), list(page.suggested_activities.all())) == ([art], [])
    assert (list(page.needs.all()), list(page.suggested_needs.all())) == ([sad], [])
    assert page.summary != "A draft that waits."
    assert page.has_unpublished_changes
    waiting = page.get_latest_revision_as_object()
    assert waiting.summary == "A draft that waits."
    assert (list(waiting.activities.all()), list(waiting.suggested_activities.all())) == ([art], [])
    waiting.save_revision().publish()
    assert list(GroupPage.objects.get(pk=page.pk).needs.all()) == [sad]
    assert rows("suggested") == {}


def test_accepting_is_no_check(site_tree, signed_in):
    page = GroupPageFactory(suggested_activities=[ActivityFactory()])
    signed_in.post(reverse("waymark_accept", args=[page.pk]))
    assert not FactHistory.objects.filter(fact="last_confirmed_at").exists()
    assert signed_in.get(reverse("waymark_accept", args=[page.pk])).status_code == 405


def test_likely_duplicates(site_tree, rows):
    hall = VenueFactory(postcode="CM1 1QH")
    there = [GroupSessionFactory.build(venue=hall)]
    GroupPageFactory(title="The Kettle Club")
    GroupPageFactory(title="Kettle club", draft=True)
    GroupPageFactory(title="Oaklands Tuesday Knitters", sessions=there)
    GroupPageFactory(title="Oaklands Tuesday Knitter", sessions=[GroupSessionFactory.build(venue=hall)])
    GroupPageFactory(title="Oaklands Choir", sessions=[GroupSessionFactory.build(venue=hall)])
    found = rows("duplicates")
    assert set(found) == {
        "The Kettle Club",
        "Kettle club",
        "Oaklands Tuesday Knitters",
        "Oaklands Tuesday Knitter",
    }
    assert found["The Kettle Club"].likeness == "Kettle club"


def test_activities_with_no_group(site_tree, rows):
    for label in ("Used", "Drafted", "Unused"):
        ActivityFactory(slug=label.lower(), label=label)
    used, drafted = ActivityFactory(slug="used"), ActivityFactory(slug="drafted")
    GroupPageFactory(activities=[used])
    GroupPageFactory(activities=[drafted], draft=True)
    assert {"Drafted", "Unused"} <= set(rows("gaps"))
    assert "Used" not in rows("gaps")
    assert set(rows("gaps", groups="few")) == {"Used"}


@pytest.mark.parametrize("report", ["checks", "missing", "suggested", "duplicates", "gaps"])
def test_reports_are_in_the_menu_and_can_be_taken_away(site_tree, signed_in, report):
    url = reverse(f"waymark_report_{report}")
    assert url in signed_in.get(reverse("wagtailadmin_home")).text
    GroupPageFactory(title="Kettle Club", suggested_activities=[ActivityFactory()])
    assert signed_in.get(url, {"export": "csv"}).status_code == 200


def test_what_waits_is_counted_on_the_front_page(site_tree, signed_in, django_assert_max_num_queries):
    home = reverse("wagtailadmin_home")
    assert "Nothing waits. Thank you." in signed_in.get(home).text
    for months in (7, 12, 13, 18):
        GroupPageFactory(facts__last_confirmed_at=months_ago(months))
    page = signed_in.get(home).text
    checks = reverse("waymark_report_checks")
    for months, count in ((6, 4), (12, 3), (13, 2), (18, 1)):
        assert re.search(rf'href="{re.escape(checks)}\?months={months}">[^<]+</a></td><td>{count}<', page)
    assert "Groups nobody leads</a></td><td>4<" in page
    assert reverse("waymark_report_unsent") not in page.split("What waits for you")[1].split("</table>")[0]
    with django_assert_max_num_queries(60):
        signed_in.get(home)

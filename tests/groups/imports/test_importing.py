"""Whole imports: what is new, changed, left and refused, and what is in the database after."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from wagtail.models import PageLogEntry, Revision

from groups.imports import run
from groups.imports.report import Outcome
from groups.listings import changes
from groups.models import GroupFacts, GroupPage, Organisation, SourceRecord, Venue
from tests.groups.imports.conftest import KNITTERS, WALKERS

pytestmark = pytest.mark.django_db


def counts(report):
    return {outcome.value: count for outcome, count in report.counts.items() if count}


def everything():
    models = (GroupPage, Revision, SourceRecord, GroupFacts, Venue, Organisation, changes.ListingVersion)
    return {model.__name__: model.objects.count() for model in models}


# --- new rows -------------------------------------------------------------------------------------


def test_a_new_row_is_published_with_revision_facts_record_and_venue(import_rows):
    report = import_rows(KNITTERS)
    assert counts(report) == {"new": 1}
    page = GroupPage.objects.get()
    assert page.live
    assert not page.has_unpublished_changes
    assert page.live_revision == page.latest_revision
    assert page.live_revision.as_object().sessions.get().start == page.sessions.get().start
    assert page.sessions.get().venue == Venue.objects.get(name="Oaklands Hall", postcode="CM1 1QH")
    assert page.contacts.get().value == "https://www.knitters.example.org"
    assert GroupFacts.objects.get().group_uid == page.uid
    record = SourceRecord.objects.get()
    assert (record.group_uid, record.source, record.ref) == (page.uid, "knitters_list", "1")
    assert record.values["title"] == "Oaklands Knitters"
    assert changes.ListingVersion.objects.filter(uid=page.uid).exists()


def test_a_new_groups_revision_holds_what_is_live_and_its_making_is_told_once(import_rows):
    import_rows(KNITTERS)
    page = GroupPage.objects.get()
    live = GroupPage.objects.get().serializable_data()
    drafted = page.latest_revision.as_object().serializable_data()
    moments = {
        "first_published_at",
        "last_published_at",
        "latest_revision_created_at",
        "latest_revision",
        "live_revision",
    }
    assert {name: value for name, value in drafted.items() if name not in moments} == {
        name: value for name, value in live.items() if name not in moments
    }
    assert live["sessions"]
    assert live["contacts"]
    assert {row.locale_id for row in page.sessions.all()} == {page.locale_id}
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.create").count() == 1


def test_a_dry_run_says_the_same_and_writes_nothing(import_rows):
    before = everything()
    report = import_rows(KNITTERS, WALKERS, commit=False)
    assert counts(report) == {"new": 2}
    assert everything() == before


def test_a_second_run_changes_nothing(import_rows):
    import_rows(KNITTERS, WALKERS)
    before = everything(), list(SourceRecord.objects.values())
    report = import_rows(KNITTERS, WALKERS)
    assert counts(report) == {"same": 2}
    assert (everything(), list(SourceRecord.objects.values())) == before


def test_groups_at_one_place_share_its_venue(import_rows):
    import_rows(KNITTERS, WALKERS)
    assert Venue.objects.count() == 1


def test_two_groups_of_one_name_get_addresses_of_their_own(import_rows):
    import_rows(KNITTERS, {**KNITTERS, "id": "3", "postcode": "LS6 3BN"})
    assert set(GroupPage.objects.values_list("slug", flat=True)) == {
        "oaklands-knitters",
        "oaklands-knitters-2",
    }


def test_pages_stand_in_wagtails_own_indexes(import_rows):
    from wagtail.models import ReferenceIndex
    from wagtail.search.backends import get_search_backend

    import_rows(KNITTERS)
    page = GroupPage.objects.get()
    assert [found.pk for found in get_search_backend().search("knitters", GroupPage)] == [page.pk]
    assert ReferenceIndex.get_references_to(Venue.objects.get()).exists()


# --- bad rows -------------------------------------------------------------------------------------


def test_a_bad_row_never_stops_the_others(import_rows):
    report = import_rows({**KNITTERS, "name": ""}, WALKERS, {**WALKERS, "id": ""})
    assert counts(report) == {"refused": 2, "new": 1}


def test_a_row_the_database_refuses_is_never_half_written(import_rows, monkeypatch):
    save_revision = GroupPage.save_revision

    def fails_for_knitters(page, **kwargs):
        revision = save_revision(page, **kwargs)
        if page.title == "Oaklands Knitters":
            raise IntegrityError("UNIQUE constraint failed")
        return revision

    monkeypatch.setattr(GroupPage, "save_revision", fails_for_knitters)
    report = import_rows(KNITTERS, WALKERS)
    assert counts(report) == {"refused": 1, "new": 1}
    page = GroupPage.objects.get()
    assert page.title == "Oaklands Walkers"
    assert page.sessions.get().venue.name == "Oaklands Hall"
    assert list(SourceRecord.objects.values_list("ref", flat=True)) == ["2"]
    assert GroupFacts.objects.count() == 1


def test_ctrl_c_keeps_whole_rows_and_marks_nothing_gone(import_rows, monkeypatch):
    import_rows({**WALKERS, "id": "9", "name": "Oaklands Weavers"})
    save_revision = GroupPage.save_revision

    def interrupted(page, **kwargs):
        revision = save_revision(page, **kwargs)
        if page.title == "Oaklands Walkers":
            raise KeyboardInterrupt
        return revision

    monkeypatch.setattr(GroupPage, "save_revision", interrupted)
    report = import_rows(KNITTERS, WALKERS)
    assert report.stopped
    assert counts(report) == {"new": 1}
    assert set(GroupPage.objects.values_list("title", flat=True)) == {"Oaklands Knitters", "Oaklands Weavers"}
    assert not SourceRecord.objects.exclude(gone_at=None).exists()
    monkeypatch.undo()
    assert counts(import_rows(KNITTERS, WALKERS)) == {"same": 1, "new": 1}


@pytest.mark.parametrize("rows", [run.BATCH - 1, run.BATCH, run.BATCH + 1])
def test_batches_lose_no_row(import_rows, rows):
    many = [
        {**KNITTERS, "id": str(n), "name": f"Club {'abcdefghijklmnopqrstuvwxyz'[n]}", "postcode": ""}
        for n in range(rows)
    ]
    assert counts(import_rows(*many)) == {"new": rows}
    assert GroupPage.objects.count() == rows


# --- changed rows ---------------------------------------------------------------------------------


def change_page(**values):
    page = GroupPage.objects.get()
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_a_changed_row_changes_its_fields_with_a_revision(import_rows):
    import_rows(KNITTERS)
    revisions = Revision.objects.count()
    report = import_rows({**KNITTERS, "name": "Oaklands Knit Club", "web": ""})
    assert counts(report) == {"changed": 1}
    assert set(report.rows[0].fields) == {"title", "website"}
    page = GroupPage.objects.get()
    assert page.title == "Oaklands Knit Club"
    assert not page.contacts.exists()
    assert page.live_revision == page.latest_revision
    assert Revision.objects.count() == revisions + 1
    assert counts(import_rows({**KNITTERS, "name": "Oaklands Knit Club", "web": ""})) == {"same": 1}


def test_new_hours_keep_the_session_that_cancelled_dates_hang_on(import_rows):
    import_rows(KNITTERS)
    before = GroupPage.objects.get().sessions.get()
    import_rows({**KNITTERS, "times": "Tuesday 11am - 1pm"})
    after = GroupPage.objects.get().sessions.get()
    assert (after.uid, after.start.hour, after.venue) == (before.uid, 11, before.venue)


def test_a_group_that_moved_meets_at_its_new_venue(import_rows):
    import_rows(KNITTERS)
    report = import_rows({**KNITTERS, "hall": "Beechwood Hall", "postcode": "CM1 1EH"})
    assert report.rows[0].fields == ("venue",)
    assert GroupPage.objects.get().sessions.get().venue.name == "Beechwood Hall"


def test_a_field_people_changed_is_left_and_told_and_others_change(import_rows):
    import_rows(KNITTERS)
    change_page(title="Knitters of Oaklands")
    report = import_rows(
        {**KNITTERS, "name": "Oaklands Knit Club", "about": "We knit, sew and mend every single week."}
    )
    assert counts(report) == {"changed": 1}
    assert report.rows[0].why == ("title: changed by people here",)
    page = GroupPage.objects.get()
    assert page.title == "Knitters of Oaklands"
    assert page.summary == "We knit, sew and mend every single week."


def test_what_people_changed_to_what_the_source_says_now_is_no_conflict(import_rows):
    import_rows(KNITTERS)
    change_page(title="Oaklands Knit Club")
    report = import_rows({**KNITTERS, "name": "Oaklands Knit Club"})
    assert counts(report) == {"same": 1}
    assert not report.likely


@pytest.mark.parametrize("how", ["claimed", "locked", "unpublished"])
def test_a_listing_in_other_hands_is_left_whole_and_told_each_time(import_rows, how):
    import_rows(KNITTERS)
    page = GroupPage.objects.get()
    if how == "claimed":
        GroupFacts.objects.for_group(page.uid).change(by=None, claimed=True)
    elif how == "locked":
        GroupPage.objects.update(locked=True)
    else:
        page.unpublish()
    before = everything()
    for _time in range(2):
        report = import_rows({**KNITTERS, "name": "Oaklands Knit Club"})
        assert counts(report) == {"left": 1}
        assert report.rows[0].why
    assert everything() == before
    assert GroupPage.objects.get().title == "Oaklands Knitters"


def test_a_source_that_closes_a_group_closes_it_here(import_rows):
    import_rows(KNITTERS)
    import_rows({**KNITTERS, "state": "ended"})
    facts = GroupFacts.objects.get()
    assert facts.status == "closed"
    assert facts.closed_on


def test_a_row_that_may_not_be_found_any_more_is_told_and_its_place_left(import_rows):
    import_rows(KNITTERS)
    report = import_rows({**KNITTERS, "name": "Oaklands Refuge", "hall": "Beechwood Hall"})
    assert "venue" in " ".join(report.rows[0].why)
    assert GroupPage.objects.get().sessions.get().venue.name == "Oaklands Hall"


def test_a_place_that_staff_made_private_gets_no_address_from_the_source(import_rows):
    import_rows(KNITTERS)
    facts = GroupFacts.objects.get()
    facts.change(by=None, location_visibility="hidden")
    import_rows({**KNITTERS, "hall": "Marrowfat Cottage"})
    assert "Marrowfat" not in json.dumps(list(SourceRecord.objects.values_list("values", flat=True)))
    assert not Venue.objects.filter(name="Marrowfat Cottage").exists()


# --- a draft that waits ---------------------------------------------------------------------------


def test_a_waiting_draft_is_not_published_and_gets_the_change_too(import_rows):
    import_rows(KNITTERS)
    draft = GroupPage.objects.get()
    draft.summary = "A sentence that waits for a moderator."
    waiting = draft.save_revision()

    report = import_rows({**KNITTERS, "name": "Oaklands Knit Club"})
    assert counts(report) == {"changed": 1}
    page = GroupPage.objects.get()
    assert page.title == "Oaklands Knit Club"
    assert page.summary == "We knit and natter with a big cup of tea."
    assert page.has_unpublished_changes
    assert page.latest_revision_id != waiting.pk
    page.latest_revision.publish()
    page = GroupPage.objects.get()
    assert (page.title, page.summary) == ("Oaklands Knit Club", "A sentence that waits for a moderator.")


def test_a_field_that_the_draft_changes_is_left_in_both(import_rows):
    import_rows(KNITTERS)
    draft = GroupPage.objects.get()
    draft.title = "Knitters of Oaklands"
    waiting = draft.save_revision()
    report = import_rows({**KNITTERS, "name": "Oaklands Knit Club"})
    assert counts(report) == {"left": 1}
    page = GroupPage.objects.get()
    assert page.title == "Oaklands Knitters"
    assert page.latest_revision_id == waiting.pk


def test_a_draft_in_moderation_stays_there_with_the_change(import_rows, django_user_model):
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    import_rows(KNITTERS)
    task = GroupApprovalTask.objects.create(name="Look")
    workflow = Workflow.objects.create(name="Look first")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    draft = GroupPage.objects.get()
    draft.summary = "A sentence that waits for a moderator."
    draft.save_revision()
    workflow.start(draft, django_user_model.objects.create_superuser("editor@waymark.example"))

    import_rows({**KNITTERS, "name": "Oaklands Knit Club"})
    page = GroupPage.objects.get()
    assert page.current_workflow_state.status == "in_progress"
    assert page.current_workflow_task_state.revision == page.latest_revision
    page.current_workflow_task_state.approve()
    page = GroupPage.objects.get()
    assert (page.title, page.summary) == ("Oaklands Knit Club", "A sentence that waits for a moderator.")


# --- gone and back --------------------------------------------------------------------------------


def test_a_row_gone_from_the_source_is_dated_and_stays_published(import_rows):
    import_rows(KNITTERS, WALKERS)
    report = import_rows(KNITTERS)
    assert report.gone == ["2"]
    assert SourceRecord.objects.get(ref="2").gone_at
    assert GroupPage.objects.live().count() == 2
    assert import_rows(KNITTERS).gone == []
    import_rows(KNITTERS, WALKERS)
    assert SourceRecord.objects.get(ref="2").gone_at is None


def test_with_a_limit_nothing_counts_as_gone(import_rows):
    import_rows(KNITTERS, WALKERS)
    assert import_rows(KNITTERS, WALKERS, limit=1).gone == []
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


def test_a_dry_run_tells_what_is_gone_and_dates_nothing(import_rows):
    import_rows(KNITTERS, WALKERS)
    assert import_rows(KNITTERS, commit=False).gone == ["2"]
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


# --- duplicates -----------------------------------------------------------------------------------


def test_the_same_name_and_postcode_is_one_group_with_two_records(import_rows):
    report = import_rows(KNITTERS, {**KNITTERS, "id": "7", "name": "The OAKLANDS knitters Ltd"})
    assert counts(report) == {"new": 1, "attached": 1}
    page = GroupPage.objects.get()
    assert set(SourceRecord.objects.filter(group_uid=page.uid).values_list("ref", flat=True)) == {"1", "7"}
    assert counts(import_rows(KNITTERS, {**KNITTERS, "id": "7", "name": "The OAKLANDS knitters Ltd"})) == {
        "same": 2
    }


def test_a_second_source_attaches_to_the_group_of_the_first(import_rows, spec):
    import_rows(KNITTERS)
    spec["source"] = "another_list"
    assert import_rows(KNITTERS, spec=spec).of(Outcome.ATTACHED)
    assert GroupPage.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"name": "Oaklands Knitters", "postcode": "CM1 1EH"}, "within a mile"),
        ({"name": "Oaklands Kniters"}, "very near name"),
    ],
)
def test_a_likely_duplicate_is_told_and_still_made(import_rows, row, why):
    report = import_rows(KNITTERS, {**KNITTERS, "id": "7", **row})
    assert counts(report) == {"new": 2}
    assert why in report.likely[0].likely[0]


def test_the_same_phone_is_a_likely_duplicate(import_rows, spec):
    spec["fields"]["phone"] = "state"
    del spec["fields"]["status"]
    first = {**KNITTERS, "state": "01632 960001"}
    second = {**WALKERS, "state": "+44 1632 960001", "postcode": "LS6 3BN"}
    assert "same phone" in import_rows(first, second, spec=spec).likely[0].likely[0]


def test_different_groups_at_one_place_are_no_duplicates(import_rows):
    assert not import_rows(KNITTERS, WALKERS).likely


def test_an_id_that_stands_twice_in_a_file_counts_once(import_rows):
    report = import_rows(KNITTERS, {**WALKERS, "id": "1"})
    assert counts(report) == {"new": 1, "repeated": 1}


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def mapping_file(tmp_path, spec):
    path = tmp_path / "mapping.yaml"
    path.write_text(json.dumps(spec), encoding="utf-8")
    return path


def test_the_command_prints_and_writes_its_report(site_tree, write_csv, mapping_file, tmp_path, capsys):
    out = tmp_path / "report.json"
    call_command(
        "import_listings",
        write_csv(KNITTERS, {**WALKERS, "name": ""}),
        mapping=str(mapping_file),
        report=out,
        commit=True,
    )
    said = json.loads(out.read_text())
    assert (said["new"], said["refused"], said["committed"]) == (1, 1, True)
    assert said["rows"][1]["why"] == ["It has no name."]
    assert "It has no name." in capsys.readouterr().out


def test_without_a_page_for_groups_the_command_says_what_to_do(site_tree, write_csv, mapping_file):
    site_tree.delete()
    with pytest.raises(CommandError, match="no page to put groups in"):
        call_command("import_listings", write_csv(KNITTERS), mapping=str(mapping_file))


def test_new_groups_go_under_the_page_that_is_named(site_tree, write_csv, mapping_file):
    with pytest.raises(CommandError, match="elsewhere"):
        call_command("import_listings", write_csv(KNITTERS), mapping=str(mapping_file), under="elsewhere")
    call_command(
        "import_listings", write_csv(KNITTERS), mapping=str(mapping_file), under="groups", commit=True
    )
    assert GroupPage.objects.get().get_parent().pk == site_tree.pk


def test_a_report_that_cannot_be_written_is_one_sentence(site_tree, write_csv, mapping_file, tmp_path):
    with pytest.raises(CommandError, match="report cannot be written"):
        call_command(
            "import_listings",
            write_csv(KNITTERS),
            mapping=str(mapping_file),
            report=tmp_path / "nowhere" / "r.json",
        )

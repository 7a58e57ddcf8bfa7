"""One import, from the file to the report. Each row is read, compared and, when asked, written, on its own."""

import time
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.imports.admin_indexes import Behind, updated_in_batches
from groups.imports.creating import Slugs, attach, create
from groups.imports.duplicates import Known, KnownGroups
from groups.imports.errors import ImportProblem
from groups.imports.fields import Shared
from groups.imports.listing import ImportedListing, Refused, fingerprint, make_listing, ref_of
from groups.imports.mapping import Mapping
from groups.imports.reading import FileRow, open_file
from groups.imports.report import Outcome, Report, RowReport
from groups.imports.suggestions import Suggester
from groups.imports.updating import plan_update, update
from groups.listings import changes
from groups.listings.models import GroupIndexPage
from groups.listings.provenance import SourceRecord
from groups.vocabulary.lexicon import lexicon

BATCH = 25
"""Rows in one transaction, each in its own savepoint (`model.md`, "Speed of Wagtail itself")."""


def run_import(
    path: Path, mapping: Mapping, *, commit: bool = False, limit: int | None = None, under: str = ""
) -> Report:
    """Import a file. Without `commit` everything happens but writing.

    under: the slug of the GroupIndexPage for new groups; "" takes the first. A `limit` looks at the first rows only, and then
    no row counts as gone. Ctrl-C stops between two rows. Raises ImportProblem, with nothing written.
    """
    parent = find_parent(under)
    file = open_file(path, mapping)
    run = _Run(mapping, parent, commit=commit)
    run.report.notes += file.notes
    started = time.perf_counter()
    run.all_rows(file.rows if limit is None else islice(file.rows, limit))
    if limit is None and not run.report.stopped:
        run.mark_gone()
    run.report.seconds = time.perf_counter() - started
    return run.report


def find_parent(slug: str) -> GroupIndexPage:
    """The page that new groups go under. Raises ImportProblem."""
    pages = GroupIndexPage.objects.order_by("path")
    parent = pages.filter(slug=slug).first() if slug else pages.first()
    if parent is None:
        raise ImportProblem(
            _("There is no page for groups with the address %(slug)s.") % {"slug": slug}
            if slug
            else _("There is no page to put groups in. Add a “groups of a place” page in the admin first.")
        )
    return parent


class _Run:
    def __init__(self, mapping: Mapping, parent: GroupIndexPage, *, commit: bool) -> None:
        self.mapping, self.parent, self.commit = mapping, parent, commit
        self.report = Report(mapping.source, commit)
        self.suggester = Suggester(lexicon())
        self.shared = Shared.from_database()
        self.slugs = Slugs.under(parent)
        self.known = KnownGroups.from_database()
        records = SourceRecord.objects.filter(source=mapping.source).defer("values")
        self.records = {record.ref: record for record in records}
        self.seen: set[str] = set()

    def all_rows(self, rows: Iterator[FileRow]) -> None:
        """Every row in its own savepoint, a few of them in one transaction with one pass through the door.

        A crash loses the rows of one batch whole. Reports count once their batch is in the database.
        """
        try:
            with updated_in_batches() as behind:
                while not self.report.stopped and (batch := list(islice(rows, BATCH))):
                    told: list[RowReport] = []
                    with changes.together() if self.commit else nullcontext():
                        try:
                            for row in batch:
                                told.append(self.row(row, behind))  # noqa: PERF401 (what is told before Ctrl-C counts)
                        except KeyboardInterrupt:
                            self.report.stopped = _(
                                "Stopped at your wish. Every row so far is whole. Run it again to go on."
                            )
                    behind.catch_up()
                    for row_report in told:
                        self.report.add(row_report)
        except OperationalError as error:
            self.report.stopped = _("The database does not answer (%(why)s). Run it again to go on.") % {
                "why": str(error)[:100]
            }

    def row(self, row: FileRow, behind: Behind) -> RowReport:
        ref = ref_of(self.mapping, row.row)
        if ref in self.seen and not row.problem:
            why = _("its id stood in the file before")
            return RowReport(row.number, ref, "", Outcome.REPEATED, (why,))
        self.seen.add(ref)
        try:
            told = self._told(row, ref, behind)
        except Refused as refused:
            told = RowReport(row.number, refused.ref or ref, refused.name, Outcome.REFUSED, (str(refused),))
        except ValidationError as error:
            self.shared.forget()
            told = RowReport(row.number, ref, "", Outcome.REFUSED, tuple(error.messages))
        except (IntegrityError, DataError, ValueError) as error:
            self.shared.forget()
            why = _("It could not be stored: %(why)s") % {"why": str(error)[:200]}
            told = RowReport(row.number, ref, "", Outcome.REFUSED, (why,))
        return told

    def _told(self, row: FileRow, ref: str, behind: Behind) -> RowReport:
        if row.problem:
            raise Refused(row.problem, ref)
        mark = fingerprint(self.mapping, row.row)
        record = self.records.get(ref)
        if record and record.fingerprint == mark and record.gone_at is None:
            return RowReport(row.number, ref, "", Outcome.SAME)
        listing = make_listing(self.mapping, row.row, self.suggester)
        if unknown := self.shared.unknown_terms(listing.values):
            raise Refused(
                _("The mapping names “%(slug)s”, which the vocabulary has not.") % {"slug": unknown[0]},
                ref,
                listing.title,
            )
        if listing.times_read is not None:
            self.report.times_read += listing.times_read
            self.report.times_kept += not listing.times_read
        return (
            self._changed(row, listing, record, mark, behind)
            if record
            else self._new(row, listing, mark, behind)
        )

    def _new(self, row: FileRow, listing: ImportedListing, mark: str, behind: Behind) -> RowReport:
        where = listing.whereabouts
        known = Known(
            f"row {row.number}", listing.title, where.postcode, where.latitude, where.longitude, listing.phone,
            listing.charity_number,
        )  # fmt: skip
        likely = self.known.like(known)
        certain = next((likeness for likeness in likely if likeness.certain), None)
        if certain:
            if self.commit:
                attach(UUID(certain.known.group), listing, self.mapping, mark)
            why = f"{certain.known.name}: {certain.why}"
            return RowReport(row.number, listing.ref, listing.title, Outcome.ATTACHED, (why, *listing.notes))
        group = known.group
        if self.commit:
            page = create(
                listing, self.mapping, mark, parent_id=self.parent.pk, slugs=self.slugs, shared=self.shared
            )
            group = str(page.uid)
            behind.add(page.pk)
        self.known.add(
            Known(
                group,
                known.name,
                known.postcode,
                known.latitude,
                known.longitude,
                known.phone,
                known.charity_number,
            )
        )
        return RowReport(
            row.number, listing.ref, listing.title, Outcome.NEW, listing.notes,
            likely=tuple(f"{likeness.known.name} ({likeness.why})" for likeness in likely),
        )  # fmt: skip

    def _changed(
        self, row: FileRow, listing: ImportedListing, record: SourceRecord, mark: str, behind: Behind
    ) -> RowReport:
        plan = plan_update(record, listing, self.shared)
        if self.commit and plan.settled:
            update(record, listing, self.mapping, plan, mark, self.shared)
            if plan.apply and plan.page:
                behind.add(plan.page.pk)
        left = tuple(f"{name}: {why}" if name else why for name, why in plan.left.items())
        outcome = Outcome.CHANGED if plan.apply else Outcome.LEFT if plan.left else Outcome.SAME
        return RowReport(row.number, listing.ref, listing.title, outcome, left, tuple(plan.apply))

    def mark_gone(self) -> None:
        """Rows that the source no longer lists: told and dated; nothing is unpublished."""
        gone = [
            record for ref, record in self.records.items() if ref not in self.seen and record.gone_at is None
        ]
        self.report.gone = sorted(record.ref for record in gone)
        if self.commit:
            SourceRecord.objects.filter(pk__in=[record.pk for record in gone]).update(gone_at=timezone.now())

"""What an import did, or would do: counts for people, rows for a file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

SHOWN = 20
"""How many rows of each kind are printed; the report file has them all."""


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ATTACHED = "attached"  # the group is here already: one more source for it
    LEFT = "left"  # changed at its source, and nothing may change here
    REPEATED = "repeated"  # its id stood in the file before
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    """number: place in the file, from 1. why: reasons. fields: what changed. likely: groups it may double."""

    number: int
    ref: str
    name: str
    outcome: Outcome
    why: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()


@dataclass
class Report:
    source: str
    committed: bool
    rows: list[RowReport] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    times_read: int = 0
    times_kept: int = 0
    stopped: str = ""
    seconds: float = 0.0

    def add(self, row: RowReport) -> None:
        """Count a row, and keep it unless there is nothing to tell."""
        self.counts[row.outcome] += 1
        if row.outcome is not Outcome.SAME or row.why:
            self.rows.append(row)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def likely(self) -> list[RowReport]:
        return [row for row in self.rows if row.likely]

    def of(self, outcome: Outcome) -> list[RowReport]:
        return [row for row in self.rows if row.outcome is outcome]

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "committed": self.committed,
            "stopped": self.stopped,
            "rows_read": self.total,
            "seconds": round(self.seconds, 2),
            **{outcome.value: self.counts[outcome] for outcome in Outcome},
            "likely_duplicates": len(self.likely),
            "times_read_with_certainty": self.times_read,
            "times_kept_as_words": self.times_kept,
            "gone": self.gone,
            "notes": self.notes,
            "rows": [
                {
                    "row": row.number,
                    "ref": row.ref,
                    "name": row.name,
                    "outcome": row.outcome.value,
                    "why": list(row.why),
                    "fields": list(row.fields),
                    "likely_duplicates": list(row.likely),
                }
                for row in self.rows
            ],
        }

    def lines(self) -> Iterator[str]:
        """The report for people, line by line."""
        yield from self.notes
        rate = self.total / self.seconds if self.seconds else 0
        yield _("%(source)s: %(total)s rows in %(seconds)s seconds (%(rate)s a second).") % {
            "source": self.source, "total": f"{self.total:,}", "seconds": f"{self.seconds:.1f}", "rate": f"{rate:,.0f}",
        }  # fmt: skip
        for outcome, words in _WORDS.items():
            yield f"  {self.counts[outcome]:>6,}  {words()}"
        yield f"  {len(self.likely):>6,}  " + _("likely duplicates, to look at")
        yield f"  {len(self.gone):>6,}  " + _("gone from the source; they stay published")
        if self.times_read or self.times_kept:
            yield f"  {self.times_read:>6,}  " + _("times understood for certain")
            yield f"  {self.times_kept:>6,}  " + _("times kept as words")
        yield from self._some(_("Refused"), self.of(Outcome.REFUSED))
        yield from self._some(
            _("Left as they are here"), [row for row in self.rows if row.why and _is_left(row)]
        )
        yield from self._some(_("One more source for a group that is here"), self.of(Outcome.ATTACHED))
        likely = self.likely
        if likely:
            yield _("Likely duplicates:")
            yield from (f"  {_line(row)}: {'; '.join(row.likely)}" for row in likely[:SHOWN])
            yield from _more(len(likely))
        if self.gone:
            yield _("Gone from the source:") + " " + ", ".join(self.gone[:SHOWN])
        if self.stopped:
            yield self.stopped
        if not self.committed:
            yield _("This was a dry run: nothing was written. Add --commit to write.")

    def _some(self, heading: str, rows: list[RowReport]) -> Iterator[str]:
        if rows:
            yield f"{heading}:"
            yield from (f"  {_line(row)}: {'; '.join(row.why)}" for row in rows[:SHOWN])
            yield from _more(len(rows))


_WORDS = {
    Outcome.NEW: lambda: _("new"),
    Outcome.CHANGED: lambda: _("changed"),
    Outcome.SAME: lambda: _("the same"),
    Outcome.ATTACHED: lambda: _("already here: one more source for the group"),
    Outcome.LEFT: lambda: _("changed at the source, left as they are here"),
    Outcome.REPEATED: lambda: _("repeated in the file"),
    Outcome.REFUSED: lambda: _("refused"),
}


def _is_left(row: RowReport) -> bool:
    return row.outcome in (Outcome.LEFT, Outcome.CHANGED, Outcome.SAME)


def _line(row: RowReport) -> str:
    return _("row %(number)s, %(name)s") % {
        "number": row.number,
        "name": row.name[:60] or row.ref[:60] or "?",
    }


def _more(count: int) -> Iterator[str]:
    if count > SHOWN:
        yield "  " + _("… and %(count)s more. Use --report FILE to see all.") % {
            "count": f"{count - SHOWN:,}"
        }

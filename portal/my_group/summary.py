"""The group's own page: how it stands, and every answer with its Change link."""

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState

from groups.editing.differences import Content, content_of
from groups.editing.forms.rows import AccessForm
from groups.editing.parts import LABELS
from groups.editing.saving import draft_of, is_unsent
from groups.editing.steps import TOPICS, Step
from groups.editing.telling import row_words, words_of
from groups.editing.today import FORMS
from groups.listings.choices import Capacity, LocationVisibility, Status
from groups.listings.facts import ClosureRecord, DateChangeRecord, GroupFacts
from groups.listings.freshness import closed_shown_until
from groups.listings.models import GroupPage
from portal.group_page.dates import closure_words
from portal.words import day_month_year


@dataclass(frozen=True, slots=True)
class Line:
    """One answer. label: the question; href: where it is changed."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Section:
    """One page's answers. add: of a page for rows, the address and words to add one."""

    heading: str
    href: str
    lines: list[Line]
    add: tuple[str, str] | None = None

    @property
    def said(self) -> list[Line]:
        return [line for line in self.lines if line.value]

    @property
    def unsaid(self) -> list[str]:
        """Questions without an answer; "" for the one question that the heading asks already."""
        return [line.label for line in self.lines if not line.value]


@dataclass(frozen=True, slots=True)
class ShownTopic:
    slug: str
    heading: str
    sections: list[Section] = field(default_factory=list)

    @property
    def only(self) -> Section | None:
        """Its one section, which then stands under the topic's own heading."""
        return self.sections[0] if len(self.sections) == 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the page stands. state: closed, live, new, waits, came_back or unsent; words: what that means."""

    state: str
    words: str
    reason: str = ""


def standing(page: GroupPage) -> Standing:
    if closed := closed_words(page):
        return Standing("closed", closed)
    still = _("Your current page is still live.")
    if page.locked:
        return Standing("live", _("Our staff locked this page for a while. Contact us, and we help you."))
    state = WorkflowState.objects.active().for_instance(page).select_related("current_task_state").first()
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        task: TaskState | None = state.current_task_state
        words = _("We looked at what you sent. Please change something, then send it again.")
        return Standing("came_back", _and(words, still if page.live else ""), task.comment if task else "")
    if state:
        words = _("We are checking what you sent. It takes about two working days.")
        return Standing("waits", _and(words, still if page.live else _("Nobody can see the page yet.")))
    if is_unsent(page):
        words = _("You have changes that nobody has checked yet. Send them when you are ready.")
        kept = _("We keep them for six months.")
        return Standing("unsent" if page.live else "new", _and(words, kept, still if page.live else ""))
    if page.live:
        return Standing("live", _("Your page is live, with everything you told us."))
    return Standing("new", _("Nobody can see the page yet."))


def closed_words(page: GroupPage) -> str:
    """What becomes of the page of a group that closed for good; "" for any other."""
    facts = GroupFacts.objects.filter(group_uid=page.uid, status=Status.CLOSED).first()
    if facts is None or facts.closed_on is None:
        return ""
    days = {
        "day": day_month_year(facts.closed_on),
        "until": day_month_year(closed_shown_until(facts.closed_on)),
    }
    if facts.is_erased:
        return _("This group closed on %(day)s. Its page is taken down and its contacts are deleted.") % days
    return (
        _(
            "This group closed on %(day)s. The page says so until %(until)s. "
            "Then we take it down and delete the contact details."
        )
        % days
    )


def _and(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def topics_of(page: GroupPage) -> list[ShownTopic]:
    """Every topic of the latest version, in the order of a visitor's questions."""
    content = content_of(draft_of(page))
    facts = GroupFacts.objects.filter(group_uid=page.uid).first() or GroupFacts(group_uid=page.uid)
    return [
        ShownTopic(
            topic.slug,
            str(topic.heading),
            [
                *(_section(page, step, content) for step in topic.steps),
                *(_today_section(page, name, facts) for name in topic.today),
            ],
        )
        for topic in TOPICS
    ]


def _section(page: GroupPage, step: Step, content: Content) -> Section:
    href = "" if step.is_for_rows else reverse("my_group_step", args=[page.uid, step.slug])
    if step.is_for_rows:
        lines = [
            Line(
                "",
                row_words(step.form.relation, row),
                reverse("my_group_row", args=[page.uid, step.slug, row["uid"]]),
            )
            for row in sorted(
                content.get(step.form.relation) or (), key=lambda row: row.get("sort_order") or 0
            )
        ]
        return Section(
            str(step.heading),
            "",
            lines,
            (reverse("my_group_new_row", args=[page.uid, step.slug]), str(step.add)),
        )
    if issubclass(step.form, AccessForm):
        rows = {row["feature"]: row for row in content.get("access_answers") or ()}
        lines = [
            Line(str(feature.label), _answer(rows.get(feature.value)), href) for feature in step.form.features
        ]
        return Section(str(step.heading), href, lines)
    lines = [
        Line(str(LABELS[part]), _value(part, content), href) for part in step.form.parts if part in LABELS
    ]
    return Section(str(step.heading), href, lines if len(lines) > 1 else [Line("", lines[0].value, href)])


def _answer(row: Content | None) -> str:
    return row_words("access_answers", row).partition(": ")[2] if row else ""


def _value(part: str, content: Content) -> str:
    if part == "tagged_items":
        return ", ".join(filter(None, (row_words(part, row) for row in content.get(part) or ())))
    value = content.get(part)
    return "" if value == "unknown" else words_of(part, value)


def _today_section(page: GroupPage, name: str, facts: GroupFacts) -> Section:
    href = reverse("my_group_today", args=[page.uid, name])
    labels: dict[str, Any] = {
        "space": Capacity(facts.capacity).label if facts.capacity != Capacity.UNKNOWN else "",
        "status": Status(facts.status).label,
        "place": LocationVisibility(facts.location_visibility).label,
    }
    value = str(labels[name])
    if name == "space" and value and facts.capacity_on:
        value = _("%(space)s, as of %(day)s") % {"space": value, "day": day_month_year(facts.capacity_on)}
    return Section(str(FORMS[name].heading), href, [Line("", value, href)])


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A change of dates that is still ahead, and the value that takes it back."""

    words: str
    undo: str


def upcoming(page: GroupPage) -> list[Upcoming]:
    """Cancelled and moved dates and closures ahead, soonest first."""
    today = timezone.localdate()
    dates = DateChangeRecord.objects.filter(group_uid=page.uid, date__gte=today)
    closures = ClosureRecord.objects.filter(group_uid=page.uid, last_day__gte=today)
    return [
        *(Upcoming(_change_words(record), f"date {record.pk}") for record in dates),
        *(Upcoming(closure_words(record.value), f"closure {record.pk}") for record in closures),
    ]


def _change_words(record: DateChangeRecord) -> str:
    day = {"day": day_month_year(record.date)}
    if record.to_date is None:
        return _("%(day)s: cancelled") % day
    if record.to_date == record.date:
        return _("%(day)s: another time or place") % day
    return _("%(day)s: moved to %(to)s") % {**day, "to": day_month_year(record.to_date)}

"""The list of groups: what staff need to see of each at one glance."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet

from groups.admin.directory.base import any_field_holds
from groups.admin.group_filters import GroupFilterSet
from groups.admin.today.views import today_url
from groups.listings.choices import Status
from groups.listings.freshness import freshness
from groups.listings.models import GroupPage
from groups.templatetags.waymark_admin import freshness_words


def status_words(group) -> str:
    return str(Status(group.status_now).label)


def check_words(group) -> str:
    """Such as "3 Nov 2026: checked". The day the freshness clock runs from, and its state."""
    confirmed = timezone.localtime(group.confirmed_at).date() if group.confirmed_at else None
    published = timezone.localtime(group.first_published_at).date() if group.first_published_at else None
    state = freshness(
        confirmed or group.source_date or published, confirmed=bool(confirmed), today=timezone.localdate()
    )
    day = date_format(confirmed, "j M Y") if confirmed else gettext("Never")
    return f"{day}: {freshness_words(state)}"


def today_column() -> TitleColumn:
    return TitleColumn(
        "today",
        label=_("Today’s facts"),
        accessor=lambda group: gettext("Today"),
        get_url=lambda group: today_url(group.translation_key),
    )


COLUMNS = [
    BulkActionsColumn("bulk_actions"),
    PageTitleColumn("title", label=_("Name"), sort_key="title", classname="title"),
    today_column(),
    Column("organisation", label=_("Who runs it"), sort_key="organisation__name"),
    Column("running", label=_("Running?"), accessor=status_words, sort_key="status_now"),
    Column("checked", label=_("Checked"), accessor=check_words, sort_key="confirmed_at"),
    Column("activity_names", label=_("Activities")),
    PageStatusColumn("status", label=_("Published"), sort_key="live"),
]


def add_activity_names(groups: Sequence[GroupPage]) -> None:
    """Put `activity_names` on each group, in one query."""
    names = defaultdict(list)
    through = GroupPage.activities.through
    rows = through.objects.filter(grouppage__in=[group.pk for group in groups])
    for page_id, label, short in rows.values_list("grouppage_id", "activity__label", "activity__short"):
        names[page_id].append(short or label)
    for group in groups:
        group.activity_names = ", ".join(sorted(names[group.pk]))


class GroupIndexView(IndexView):
    page_title = _("Groups")
    default_ordering = "title"
    is_searchable = True

    def annotate_queryset(self, pages) -> QuerySet:
        return (
            pages.select_related("organisation", "content_type")
            .prefetch_related("sites_rooted_here")
            .prefetch_workflow_states()
            .with_facts()
            .annotate_site_root_state()
            .annotate_approved_schedule()
        )

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """By title, in the database: Wagtail's own search orders by no annotation, and on SQLite misses parts of words."""
        return queryset.filter(any_field_holds(("title", "draft_title"), self.search_query))

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.order_by(self.ordering or self.default_ordering, "pk")

    @cached_property
    def is_explicitly_ordered(self) -> bool:
        return True

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        add_activity_names(context["object_list"])
        return context


class GroupListViewSet(PageListingViewSet):
    model = GroupPage
    name = "waymark_groups"
    url_prefix = "directory-groups"  # "groups" is where Wagtail keeps staff's roles
    icon = "group"
    menu_label = _("Groups")
    add_to_admin_menu = False
    index_view_class = GroupIndexView
    columns = COLUMNS
    filterset_class = GroupFilterSet
    list_per_page = 50

"""Tags: a list with how many groups carry each, and the page that merges them."""

from typing import cast

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.db.models.functions import Lower
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from groups.admin.directory.base import DirectoryIndexView, DirectoryViewSet
from groups.listings.models import GroupTag
from groups.listings.tags import MergeTags


class TagChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, tag) -> str:
        count = ngettext("%(count)d group", "%(count)d groups", tag.group_count) % {"count": tag.group_count}
        return f"{tag.name} ({count})"


class MergeTagsForm(forms.Form):
    tags = TagChoice(
        queryset=GroupTag.objects.none(),
        label=_("Tags that mean the same"),
        help_text=_("Tick two or more."),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "wm-ticks"}),
        error_messages={"required": _("Tick two tags or more.")},
    )
    keep = forms.ModelChoiceField(
        queryset=GroupTag.objects.none(),
        label=_("The one to keep"),
        help_text=_("The others go. Each group that has one of them gets this one instead."),
        error_messages={"required": _("Choose the tag to keep.")},
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        tags = with_group_count(GroupTag.objects.order_by(Lower("name")))
        for name in ("tags", "keep"):
            cast(forms.ModelChoiceField, self.fields[name]).queryset = tags

    def clean(self):
        cleaned = super().clean() or {}
        tags, keep = cleaned.get("tags"), cleaned.get("keep")
        if tags and keep:
            self.merge = MergeTags(keep, tags, by=self.by)
            try:
                self.merge.check()
            except ValidationError as error:
                self.add_error("tags", error)
        return cleaned


def with_group_count(tags):
    return tags.annotate(group_count=Count("tagged_groups__content_object__translation_key", distinct=True))


class MergeTagsView(WagtailAdminTemplateMixin, FormView):
    form_class = MergeTagsForm
    template_name = "groups_admin/form.html"
    page_title = _("Merge tags")
    header_icon = "tag"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perms(["groups.change_grouptag", "groups.delete_grouptag"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        tags = {"url": reverse(GroupTag.snippet_viewset.get_url_name("list")), "label": gettext("Tags")}
        return [*super().get_breadcrumbs_items(), tags, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(submit_button_label=gettext("Merge these tags"), **kwargs)

    def form_valid(self, form):
        count = form.merge.execute()
        messages.success(
            self.request,
            ngettext(
                "Merged. %(count)d group now has the tag “%(tag)s”.",
                "Merged. %(count)d groups now have the tag “%(tag)s”.",
                count,
            )
            % {"count": count, "tag": form.merge.keep.name},
        )
        return redirect(GroupTag.snippet_viewset.get_url_name("list"))


class TagIndexView(DirectoryIndexView):
    def get_base_queryset(self):
        return with_group_count(super().get_base_queryset())

    @property
    def header_buttons(self):
        merge = HeaderButton(
            label=gettext("Merge tags"),
            url=reverse(GroupTag.snippet_viewset.get_url_name("merge")),
            icon_name="copy",
        )
        return [*super().header_buttons, merge]


class TagViewSet(DirectoryViewSet):
    model = GroupTag
    icon = "tag"
    menu_label = _("Tags")
    index_view_class = TagIndexView
    list_display = ["name", Column("group_count", label=_("Groups"), sort_key="group_count")]
    search_fields = ["name"]
    ordering = ["name"]
    panels = [FieldPanel("name", help_text=_("As visitors read it, in small letters.")), FieldPanel("slug")]

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("merge/", MergeTagsView.as_view(), name="merge")]

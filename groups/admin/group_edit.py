"""A group's own edit view: it never overwrites what somebody else saved meanwhile without a word (`model.md`)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.viewsets.pages import PageViewSet

from groups.listings.models import GroupPage


class GroupEditView(EditView):
    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.expects_json_response and self._somebody_else_saved:
            return self._refuse()
        return super().post(request, *args, **kwargs)

    @property
    def _somebody_else_saved(self) -> bool:
        """Wagtail's autosave of the same person may overtake their own press: that is no conflict."""
        return self.is_out_of_date and self.latest_revision.user_id != self.request.user.pk

    def _refuse(self) -> HttpResponse:
        """Keep what was typed and say whose version is newer. Saving again overwrites it, knowingly."""
        request = self.request
        self.form = self.form_class(
            request.POST,
            request.FILES,
            instance=self.page,
            subscription=self.subscription,
            parent_page=self.parent,
            for_user=request.user,
        )
        self.form.defer_required_fields()
        self.form.is_valid()
        self.form.restore_required_fields()
        user = self.latest_revision.user
        self.form.add_error(
            None,
            _(
                "%(person)s saved a newer version after you opened this page. What you typed is still here. "
                "Look at the newer version under History first. Saving again replaces it with yours."
            )
            % {"person": user.name if user else _("Somebody else")},
        )
        return self.form_invalid(self.form)


class GroupPageViewSet(PageViewSet):
    model = GroupPage
    edit_view_class = GroupEditView

"""The admin's form over a group's draft."""

from wagtail.admin.forms import WagtailAdminPageForm

from groups.rows import PageRow, give_new_uids_to_copies


class GroupPageForm(WagtailAdminPageForm):
    def save(self, commit=True):
        for formset in self.formsets.values():
            if issubclass(formset.model, PageRow):
                give_new_uids_to_copies(
                    form.instance for form in formset.forms if form.has_changed() or form.instance.pk
                )
        return super().save(commit=commit)

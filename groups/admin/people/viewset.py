from wagtail.users.views.users import UserViewSet

from groups.admin.people.forms import PersonCreationForm, PersonEditForm


class PersonViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False):
        return PersonEditForm if for_update else PersonCreationForm

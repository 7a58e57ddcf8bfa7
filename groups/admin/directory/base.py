"""What the screens of the directory's shared things have in common: search by words, in lists and in choosers."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet


class DirectoryIndexView(IndexView):
    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.filter(any_field_holds(tuple(self.search_fields or ()), self.search_query))


class DirectoryViewSet(SnippetViewSet):
    """A list with search, and a chooser that searches the same fields.

    Wagtail's own search is left out: on SQLite it finds whole words only, and these lists are short.
    """

    index_view_class = DirectoryIndexView
    search_backend_name = None
    add_to_admin_menu = False
    list_per_page = 50
    chooser_per_page = 20

    @property
    def chooser_viewset_class(self):
        return searching_chooser(tuple(self.search_fields or ()))


def searching_chooser(search_fields: tuple[str, ...]) -> type[SnippetChooserViewSet]:
    """A chooser that finds rows in which one of the fields holds what was typed."""

    class SearchForm(BaseFilterForm):
        q = forms.CharField(label=_("Search by name or place"), required=False)

        def filter(self, objects: QuerySet) -> QuerySet:
            words = self.cleaned_data.get("q", "")
            if words:
                self.is_searching, self.search_query = True, words
            return objects.filter(any_field_holds(search_fields, words))

    class Choose(ChooseView):
        filter_form_class = SearchForm

    class Results(ChooseResultsView):
        filter_form_class = SearchForm

    class Chooser(SnippetChooserViewSet):
        choose_view_class = Choose
        choose_results_view_class = Results

    return Chooser


def any_field_holds(search_fields: tuple[str, ...], words: str) -> Q:
    """Every word is in one of the fields, in any case."""
    condition = Q()
    for word in words.split():
        here = Q()
        for field in search_fields:
            here |= Q(**{f"{field}__icontains": word})
        condition &= here
    return condition

"""Terms as ticks in the order of their families: a long list that can be read, and used without a script."""

from collections.abc import Iterator
from itertools import groupby

from django import forms
from django.forms.models import ModelChoiceIterator

_HEADS = {"activity": "family", "need": "area"}


class Ticks(forms.CheckboxSelectMultiple):
    template_name = "groups_admin/widgets/ticks.html"

    class Media:
        css = {"all": ["admin/waymark-admin.css"]}


class TermsByFamily(ModelChoiceIterator):
    """Choices under the names of their families, in staff's order; terms without families in one list."""

    def __iter__(self) -> Iterator:
        head = _HEADS.get(self.queryset.model._meta.model_name)
        if head is None:
            yield "", [self.choice(term) for term in self.queryset]
            return
        terms = self.queryset.select_related(head)
        for family, members in groupby(terms, key=lambda term: getattr(term, head)):
            yield family.label, [self.choice(term) for term in members]


def group_by_family(field: forms.ModelMultipleChoiceField) -> None:
    """Let a field offer its terms by family."""
    field.iterator = TermsByFamily
    field.widget.choices = field.choices

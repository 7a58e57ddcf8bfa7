"""How lists of choices are compared: as words, not as Python shows them."""

from django.utils.html import escape
from wagtail.admin.compare import FieldComparison, TextDiff, register_comparison_class

from groups.rows import CommaListField


class ChoiceListComparison(FieldComparison):
    def htmldiff(self):
        before, after = self._words(self.val_a), self._words(self.val_b)
        if before == after:
            return escape(before)
        return TextDiff([("deletion", before), ("addition", after)]).to_html()

    def _words(self, chosen) -> str:
        labels = dict(self.field.options)
        return ", ".join(str(labels.get(key, key)) for key in self.field.to_python(chosen))


def register() -> None:
    register_comparison_class(CommaListField, comparison_class=ChoiceListComparison)

"""What templates of forms are given: plain values and errors, never a model."""

from typing import Any

from django import forms


def values_and_errors(form: forms.Form) -> dict[str, Any]:
    """values: what was typed, by field. wrong: words by field. errors: (field, words), for the summary."""
    wrong = {name: " ".join(str(words) for words in found) for name, found in form.errors.items()}
    return {
        "values": {name: form[name].value() or "" for name in form.fields},
        "wrong": {name: wrong.get(name, "") for name in [*form.fields, "__all__"]},
        "errors": [
            (_first_field(form) if name == "__all__" else name, words) for name, words in wrong.items()
        ],
    }


def _first_field(form: forms.Form) -> str:
    return next(iter(form.fields), "main")

"""What tests of public pages share."""

import gzip
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from django.db.models import Manager, Model, QuerySet
from django.template.base import Template
from django.utils.functional import LazyObject, Promise

# Django's own context processors put these there, for the admin; our templates leave them alone.
_DJANGOS_OWN = {
    "request",
    "user",
    "perms",
    "messages",
    "csrf_token",
    "forloop",
    "block",
    "DEFAULT_MESSAGE_LEVELS",
}
_DEEPEST = 12

INLINE_CODE = re.compile(
    rb"<style\b|\sstyle=|\son[a-z]+=|<script(?![^>]*(\ssrc=|type=\"application/ld\+json\"))", re.I
)


def assert_no_models(context) -> None:
    """No model instance, manager or queryset is anywhere in what a template was given.

    `context` is a response's `context` (Django's test client) or a plain mapping.
    """
    assert context is not None, "The response was not rendered from a template."
    layers = (
        [context]
        if isinstance(context, Mapping)
        else [layer for one in _listed(context) for layer in one.dicts]
    )
    for layer in layers:
        for name, value in layer.items():
            if name not in _DJANGOS_OWN:
                _check(name, value, 0)


def _listed(context) -> list:
    return list(context) if isinstance(context, list) else [context]


def _check(name: str, value, depth: int) -> None:
    is_model = isinstance(value, Model | Manager | QuerySet)
    assert not is_model, f"The template was given a model: {name} is {type(value).__name__}."
    if depth > _DEEPEST or isinstance(value, str | bytes | int | float | Promise | Template | type(None)):
        return
    if isinstance(value, LazyObject):
        bool(value)  # sets it up
        _check(name, value._wrapped, depth + 1)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _check(f"{name}.{key}", item, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for place, item in enumerate(value):
            _check(f"{name}[{place}]", item, depth + 1)
    elif is_dataclass(value):
        for item in fields(value):
            _check(f"{name}.{item.name}", getattr(value, item.name), depth + 1)
    elif hasattr(value, "__dict__") and not callable(value):
        for key, item in vars(value).items():
            _check(f"{name}.{key}", item, depth + 1)


def assert_sound(response, status: int = 200) -> str:
    """A public page: its status, one h1, a title, the skip link's target, nothing inline. Returns its text."""
    assert response.status_code == status
    html = response.content
    assert not (found := INLINE_CODE.search(html)), (
        f"inline code: {html[found.start() : found.start() + 80]!r}"
    )
    text = html.decode()
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert re.search(r"<title>\s*\S", text)
    assert 'id="main"' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids)), "an id is there twice"
    return text


def weight(content: bytes) -> int:
    """Bytes after gzip, as a browser gets them."""
    return len(gzip.compress(content, 6))

"""System check: say so when directory search has to do without meaning."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning, register
from django.utils.translation import gettext as _

from search.meaning.model import OFF, model


@register()
def meaning_is_available(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """waymark.W010 when the setting asks for a model and none can be used. Searching still works by words."""
    if settings.WAYMARK_MEANING_MODEL == OFF or model() is not None:
        return []
    return [
        Warning(
            _("Search cannot look for meaning, because the language model is missing. All else works."),
            hint=_(
                "Run “make meaning” to install it. To do without it, set WAYMARK_MEANING_MODEL=none. "
                "If you named a folder of your own, check that the model is there."
            ),
            id="waymark.W010",
        )
    ]

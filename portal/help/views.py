"""How to reach us, and where to turn when it cannot wait."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups.vocabulary.models import HelpPanel, phrase_lines
from portal.exit import EXIT_TO
from search.engine import HelpMessage


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "help/contact.html")


@require_safe
def urgent_help(request: HttpRequest) -> HttpResponse:
    """The help panels that staff keep, in their order, with a quick way out where one of them asks for it."""
    panels = [
        HelpMessage(panel.slug, panel.heading, tuple(phrase_lines(panel.lines)), panel.quick_exit)
        for panel in HelpPanel.objects.all()
    ]
    exit_to = EXIT_TO if any(panel.quick_exit for panel in panels) else ""
    return render(request, "help/urgent.html", {"panels": panels, "exit_to": exit_to})

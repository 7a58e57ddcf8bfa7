"""Page numbers of addresses."""

from django.http import HttpRequest

from search.query import MAX_PAGE


def page_number(request: HttpRequest) -> int:
    """The page asked for, between 1 and MAX_PAGE; 1 for anything that is no such number."""
    text = request.GET.get("page", "")
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MAX_PAGE)):
        return 1
    return max(1, min(MAX_PAGE, int(text)))

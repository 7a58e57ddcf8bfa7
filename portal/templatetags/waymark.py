"""Template tags of the public pages: drawn symbols, and plain words for public values."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal import card, options, symbols, words

register = template.Library()

for _words in (
    words.access_words,
    words.capacity_words,
    words.checked_words,
    words.cost_words,
    words.day_words,
    words.join_words,
    words.miles_words,
    words.occurrence_time,
    words.occurrence_words,
    words.place_words,
    words.status_words,
    words.who_words,
):
    register.filter(_words.__name__, _words)

register.simple_tag(words.ages_words)
register.simple_tag(words.where_words)
register.simple_tag(card.card_facts)
register.simple_tag(card.checked)
register.simple_tag(card.disc)
register.simple_tag(options.ticks)
register.simple_tag(options.list_options)


@register.simple_tag
def symbol(family: str = "") -> SafeString:
    """The drawing of an activity family, for a disc; an unknown family has the waymark's arrow."""
    return format_html('<path d="{}"/>', symbols.FAMILIES.get(family, symbols.FAMILIES[""]))


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small sign beside words; KeyError for a name that is not drawn."""
    return format_html(
        '<svg class="line" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', symbols.ICONS[name]
    )


@register.filter
def plain_address(url: str) -> str:
    """A web address as people say it: "painters.example"."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that breaks before its "@" where a line is too short for it; other text as it is."""
    return format_html_join(mark_safe("<wbr>@"), "{}", ((part,) for part in str(address).split("@")))


# Numbers people may need in a hurry: short ones, 116 numbers, and full ones of 10 or 11 digits.
_NUMBERS = re.compile(r"(?<![\d£])(999|111|112|101|105|116 ?\d{3}|0[\d ]{8,13}\d)(?!\d)")


@register.filter
def link_numbers(line: str) -> SafeString:
    """A line of plain text with its phone numbers as links that ring."""
    parts = _NUMBERS.split(str(line))
    return format_html_join(
        "",
        "{}",
        ((_ring(part) if place % 2 else part,) for place, part in enumerate(parts)),
    )


def _ring(number: str) -> SafeString:
    return format_html('<a href="tel:{}">{}</a>', number.replace(" ", ""), number)

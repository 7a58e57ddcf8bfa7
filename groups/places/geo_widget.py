"""wagtail-geo-widget made safe: Leaflet from our own host, positions checked, the input labelled (`wagtail8.md`).

The package hot-links Leaflet from a CDN; with that out of reach a typed position is lost without a word. It stores any text.
"""

import re
from contextlib import suppress

from django import forms
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from wagtailgeowidget.panels import LeafletPanel
from wagtailgeowidget.widgets import LeafletField

_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
_POINT = re.compile(
    rf"^\s*(?:SRID=4326;)?\s*POINT\s*\(\s*({_NUMBER})[ ,]+({_NUMBER})\s*\)\s*$", re.IGNORECASE
)
# The British Isles, generously: a pin elsewhere is a slip.
UK_BOX = (49.0, 61.5, -9.0, 2.5)


def read_point(text: str) -> tuple[float, float]:
    """Latitude and longitude in degrees, rounded to 5 decimals, from "SRID=4326;POINT(lng lat)".

    Raises:
        ValueError: with a sentence that says what to do, when the text is no point or lies outside the UK.
    """
    match = _POINT.match(text)
    if not match:
        raise ValueError(_("We could not read this place. Press it on the map again."))
    longitude, latitude = round(float(match[1]), 5), round(float(match[2]), 5)
    south, north, west, east = UK_BOX
    if not (south <= latitude <= north and west <= longitude <= east):
        raise ValueError(_("This place is not in the UK. Press the right place on the map."))
    return latitude, longitude


def point_text(latitude: float, longitude: float) -> str:
    """The package's own form of a position, never in exponent notation (near Greenwich it would be refused)."""
    return f"SRID=4326;POINT({longitude:.5f} {latitude:.5f})"


class SafeLeafletField(LeafletField):
    """The package's map widget, served whole by ourselves, its input labelled."""

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["leaflet/leaflet.css", "wagtailgeowidget/css/leaflet-field.css"]},
            js=[
                "leaflet/leaflet.js",
                "admin/leaflet-images.js",
                "wagtailgeowidget/js/leaflet-field.js",
                "admin/venue-map.js",
                "wagtailgeowidget/js/leaflet-field-controller.js",
            ],
        )

    def render(self, name, value, attrs=None, renderer=None):
        # A stored longitude near 0 reads back as "-1e-7", which the package's own pattern refuses.
        if value:
            with suppress(ValueError):
                value = point_text(*read_point(value))
        html = super().render(name, value, attrs, renderer)
        label = conditional_escape(_("Latitude and longitude, such as 51.734, 0.473"))
        return mark_safe(html.replace("maxlength=", f'aria-label="{label}" maxlength=', 1))  # noqa: S308


class SafeGeoPanel(LeafletPanel):
    def widget_overrides(self):
        theirs = super().widget_overrides()[self.field_name]
        return {
            self.field_name: SafeLeafletField(
                address_field=theirs.address_field,
                zoom_field=theirs.zoom_field,
                hide_latlng=theirs.hide_latlng,
                zoom=theirs.zoom,
                srid=theirs.srid,
                id_prefix=theirs.id_prefix,
            )
        }

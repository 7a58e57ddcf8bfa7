from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal.media import rendition

handler500 = "portal.errors.views.server_error"

urlpatterns = [
    # Before the admin: it answers for the admin's own way in.
    path("", include("portal.accounts.urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("portal.about.urls")),
    path("", include("portal.calendars.urls")),
    path("", include("portal.calls.urls")),
    path("", include("portal.checking.urls")),
    path("", include("portal.crawlers.urls")),
    path("", include("portal.display.urls")),
    path("", include("portal.health.urls")),
    path("", include("portal.help.urls")),
    path("", include("portal.mail.urls")),
    path("", include("portal.membership.urls")),
    path("", include("portal.my_group.urls")),
    path("", include("portal.problems.urls")),
    path("media/images/<str:path>", rendition, name="rendition"),
    path("", include("portal.results.urls")),
    path("", include("portal.still_right.urls")),
    path("", include("portal.style_guide.urls")),
    path("", include("portal.suggest.urls")),
    path("", include("portal.topics.urls")),
    path("", include("portal.venues.urls")),
    path("", include("portal.whats_on.urls")),
    # Wagtail's pages take every address that is left.
    path("", include(wagtail_urls)),
]

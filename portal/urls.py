from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

handler500 = "portal.errors.views.server_error"

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("portal.about.urls")),
    path("", include("portal.display.urls")),
    path("", include("portal.help.urls")),
    path("", include("portal.style_guide.urls")),
    # Wagtail's pages take every address that is left.
    path("", include(wagtail_urls)),
]

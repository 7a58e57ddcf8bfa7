from django.contrib.sitemaps import views
from django.urls import path

from portal.crawlers.sitemaps import SITEMAPS
from portal.crawlers.views import robots

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path(
        "sitemap.xml",
        views.index,
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"},
        name="sitemap_index",
    ),
    path("sitemap-<section>.xml", views.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
]

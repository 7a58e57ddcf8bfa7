from django.urls import path

from portal.results.views import search

urlpatterns = [path("search/", search, name="search")]

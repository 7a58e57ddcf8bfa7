from django.urls import path

from portal.whats_on.views import whats_on

urlpatterns = [path("whats-on/", whats_on, name="whats_on")]

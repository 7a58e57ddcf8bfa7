from django.urls import path

from portal.venues.views import venue

urlpatterns = [path("venues/<slug:slug>/<uuid:uid>/", venue, name="venue")]

from django.urls import path

from portal.suggest.views import place_at, suggest

urlpatterns = [path("suggest/", suggest, name="suggest"), path("place-at/", place_at, name="place_at")]

from django.urls import path

from portal.still_right.views import still_right

urlpatterns = [path("still-right/", still_right, name="still_right")]

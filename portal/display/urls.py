from django.urls import path

from portal.display.views import display

urlpatterns = [path("display/", display, name="display")]

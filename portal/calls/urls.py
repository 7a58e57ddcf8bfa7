from django.urls import path

from portal.calls.views import called

urlpatterns = [path("called/<uuid:uid>/", called, name="called")]

from django.urls import path

from portal.health.views import health

urlpatterns = [path("health/", health, name="health")]

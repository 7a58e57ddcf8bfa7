"""Addresses of our own under /admin/."""

from django.urls import path

from groups.admin.today.views import TodayView

urlpatterns = [path("groups/<uuid:uid>/today/", TodayView.as_view(), name="waymark_today")]

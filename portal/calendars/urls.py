from django.urls import path

from portal.calendars import views

urlpatterns = [
    path("groups/<uuid:uid>/calendar.ics", views.group_calendar, name="group_calendar"),
    path("groups/<uuid:uid>/<uuid:session>/calendar.ics", views.session_calendar, name="session_calendar"),
]

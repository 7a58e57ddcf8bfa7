from django.urls import path

from portal.topics import views

urlpatterns = [
    path("activities/", views.activities, name="activities"),
    path("activities/<slug:slug>/", views.activity, name="activity"),
    path("needs/", views.needs, name="needs"),
    path("needs/<slug:slug>/", views.need, name="need"),
]

from django.urls import path

from portal.checking import views

urlpatterns = [
    path("checking/", views.queue, name="checking"),
    path("checking/seen/", views.mark_seen, name="checking_seen"),
    path("checking/proposal/<int:pk>/", views.decide_proposal, name="checking_proposal"),
    path("checking/<uuid:uid>/", views.group, name="checking_group"),
]

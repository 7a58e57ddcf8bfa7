from django.urls import path

from portal.membership import joining, people

urlpatterns = [
    path("my-group/people/<str:kind>/<uuid:uid>/", people.people, name="people"),
    path(
        "my-group/people/<str:kind>/<uuid:uid>/invitation/<uuid:invitation>/",
        people.change_invitation,
        name="change_invitation",
    ),
    path(
        "my-group/people/<str:kind>/<uuid:uid>/<slug:do>/<uuid:member>/",
        people.change_member,
        name="change_member",
    ),
    path("invitation/", joining.invitation, name="invitation"),
    path("claim/<uuid:uid>/", joining.claim, name="claim"),
]

from django.urls import path

from portal.my_group import closing, problems, starting, step, today, views

urlpatterns = [
    path("my-group/", views.my_groups, name="my_groups"),
    path("my-group/new/", starting.start, name="my_group_start"),
    path("my-group/<uuid:uid>/", views.my_group, name="my_group"),
    path("my-group/<uuid:uid>/close-for-good/", closing.closing, name="my_group_closing"),
    path("my-group/<uuid:uid>/draft/", views.draft, name="my_group_draft"),
    path("my-group/<uuid:uid>/history/", views.history, name="my_group_history"),
    path("my-group/<uuid:uid>/problems/", problems.problems, name="my_group_problems"),
    path("my-group/<uuid:uid>/send/", views.send_for_checking, name="my_group_send"),
    path("my-group/<uuid:uid>/still-right/", views.still_right, name="my_group_still_right"),
    path("my-group/<uuid:uid>/take-back/", views.take_back, name="my_group_take_back"),
    path("my-group/<uuid:uid>/throw-away/", views.throw_changes_away, name="my_group_throw_away"),
    path("my-group/<uuid:uid>/today/<slug:name>/", today.today, name="my_group_today"),
    path("my-group/<uuid:uid>/venue/<uuid:venue_uid>/", views.venue, name="my_group_venue"),
    path("my-group/<uuid:uid>/<slug:slug>/", step.step, name="my_group_step"),
    path("my-group/<uuid:uid>/<slug:slug>/new/", step.new_row, name="my_group_new_row"),
    path("my-group/<uuid:uid>/<slug:slug>/<uuid:row>/", step.row, name="my_group_row"),
]

from django.urls import path

from portal.problems import staff, views

urlpatterns = [
    path("report/<uuid:uid>/", views.report, name="report_problem"),
    path("checking/problems/", staff.problems, name="checking_problems"),
    path("checking/problems/<str:reference>/", staff.problem, name="checking_problem"),
]

"""/training/…"""

from django.urls import path

from mifeng.rooms.training import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("pledges/", views.pledges, name="pledges"),
    path("self-check/", views.own_check, name="self_check"),
    path("self-checks/", views.checks, name="self_checks"),
    path("tests/", views.tests, name="tests"),
    path("issue/", views.issue, name="issue"),
]

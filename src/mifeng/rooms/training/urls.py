"""/training/…"""

from django.urls import path

from mifeng.rooms.training import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("pledges/", views.pledges, name="pledges"),
    path("tests/", views.tests, name="tests"),
    path("issue/", views.issue, name="issue"),
]

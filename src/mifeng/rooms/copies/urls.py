"""/copies/…"""

from django.urls import path

from mifeng.rooms.copies import incident_pages, views

urlpatterns = [
    path("", views.kept, name="list"),
    path("incidents/", incident_pages.drafts, name="incidents"),
    path("sign/<str:uid>/", views.sign, name="sign"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/deed/", views.deed, name="deed"),
]

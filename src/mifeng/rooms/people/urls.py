"""/people/…"""

from django.urls import path

from mifeng.rooms.people import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("find/", views.find, name="find"),
    path("appointments/", views.appointments, name="appointments"),
    path("new/", views.new, name="new"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/deed/", views.deed_on, name="deed"),
]

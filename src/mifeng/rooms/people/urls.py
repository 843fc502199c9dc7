"""/people/…"""

from django.urls import path

from mifeng.rooms.people import calendar_views, views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("find/", views.find, name="find"),
    path("appointments/", views.appointments, name="appointments"),
    path("findings/", views.findings, name="findings"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("new/", views.new, name="new"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/deed/", views.deed_on, name="deed"),
]

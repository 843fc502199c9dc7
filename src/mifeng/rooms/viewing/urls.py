"""/read/…"""

from django.urls import path

from mifeng.rooms.viewing import views

urlpatterns = [
    path("<str:uid>/", views.read, name="read"),
    path("<str:uid>/ticket/<int:page>/", views.ticket, name="ticket"),
    path("<str:uid>/page/<str:token>/", views.page, name="page"),
    path("<str:uid>/acknowledge/", views.acknowledge, name="acknowledge"),
]

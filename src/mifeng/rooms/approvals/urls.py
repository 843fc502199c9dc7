"""/approvals/…"""

from django.urls import path

from mifeng.rooms.approvals import views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("table/", views.table, name="table"),
    path("<str:uid>/", views.request_page, name="request"),
    path("<str:uid>/withdraw/", views.withdraw, name="withdraw"),
]

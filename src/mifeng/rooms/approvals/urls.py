"""/approvals/…"""

from django.urls import path

from mifeng.rooms.approvals import delegation_views, edition_views, several_views, views

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("several/", several_views.several, name="several"),
    path("table/", views.table, name="table"),
    path("table/versions/", edition_views.versions_page, name="table_versions"),
    path("table/versions/<str:uid>/", edition_views.decide, name="table_decide"),
    path("delegations/", delegation_views.delegations, name="delegations"),
    path("delegations/<str:uid>/end/", delegation_views.end, name="end_delegation"),
    path("<str:uid>/revoke/", views.revoke, name="revoke"),
    path("<str:uid>/", views.request_page, name="request"),
    path("<str:uid>/withdraw/", views.withdraw, name="withdraw"),
]

"""/copies/…"""

from django.urls import path

from mifeng.rooms.copies import incident_pages, ledger_views, views

urlpatterns = [
    path("", views.kept, name="list"),
    path("incidents/", incident_pages.drafts, name="incidents"),
    path("import/", ledger_views.ledgers, name="ledgers"),
    path("import/<str:uid>/", ledger_views.ledger, name="ledger"),
    path("sign/<str:uid>/", views.sign, name="sign"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/deed/", views.deed, name="deed"),
]

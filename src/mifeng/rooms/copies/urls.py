"""/copies/…"""

from django.urls import path

from mifeng.rooms.copies import (
    carrying_views,
    count_views,
    desk_views,
    destruction_views,
    excerpt_views,
    incident_pages,
    ledger_views,
    making_views,
    place_views,
    scan_views,
    views,
)

urlpatterns = [
    path("", views.kept, name="list"),
    path("incidents/", incident_pages.drafts, name="incidents"),
    path("import/", ledger_views.ledgers, name="ledgers"),
    path("import/<str:uid>/", ledger_views.ledger, name="ledger"),
    path("scan/", scan_views.scan, name="scan"),
    path("counts/", count_views.counts, name="counts"),
    path("counts/<str:uid>/", count_views.sheet, name="sheet"),
    path("counts/<str:uid>/scan/", count_views.scan, name="count_scan"),
    path("destructions/", destruction_views.lists, name="destructions"),
    path("destructions/<str:uid>/", destruction_views.one, name="destruction"),
    path("desks/", desk_views.page, name="desks"),
    path("places/", place_views.places, name="places"),
    path("places/<str:uid>/", place_views.place, name="place"),
    path("reproduce/<str:uid>/", making_views.ask, name="ask"),
    path("jobs/", making_views.jobs, name="jobs"),
    path("jobs/<str:uid>/", making_views.job, name="job"),
    path("jobs/<str:uid>/deed/", making_views.deed, name="job_deed"),
    path("carry-out/<str:uid>/", carrying_views.ask, name="carry_out"),
    path("trips/<str:uid>/", carrying_views.job, name="trip"),
    path("trips/<str:uid>/deed/", carrying_views.deed, name="trip_deed"),
    path("excerpt/<str:uid>/", excerpt_views.ask, name="excerpt"),
    path("excerpts/<str:uid>/", excerpt_views.job, name="excerpt_job"),
    path("sign/<str:uid>/", views.sign, name="sign"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/deed/", views.deed, name="deed"),
]

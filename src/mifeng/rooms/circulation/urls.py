"""/circulation/…"""

from django.urls import path

from mifeng.rooms.circulation import dispatch_views, loan_views, slip_views, views

urlpatterns = [
    path("receipts/", views.receipts, name="receipts"),
    path("receipts/new/", views.new, name="receive"),
    path("receipts/<str:uid>/", views.receipt, name="receipt"),
    path("slips/", slip_views.slips, name="slips"),
    path("slips/new/<str:uid>/", slip_views.ask, name="ask_slip"),
    path("slips/<str:uid>/", slip_views.slip, name="slip"),
    path("loans/", loan_views.loans, name="loans"),
    path("loans/new/<str:uid>/", loan_views.ask, name="ask_loan"),
    path("loans/<str:uid>/", loan_views.loan, name="loan"),
    path("dispatches/", dispatch_views.dispatches, name="dispatches"),
    path("dispatches/new/<str:uid>/", dispatch_views.new, name="new_dispatch"),
    path("dispatches/<str:uid>/", dispatch_views.dispatch, name="dispatch"),
    path("parcels/<str:uid>/", dispatch_views.parcel, name="parcel"),
    path("filings/", loan_views.filings, name="filings"),
    path("filings/<str:uid>/", loan_views.filing, name="filing"),
]

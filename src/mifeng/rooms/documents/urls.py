"""/documents/…"""

from django.urls import path

from mifeng.rooms.documents import catalogue_views, custody_views, knowing_views, scheme_views, views

urlpatterns = [
    path("", views.register_list, name="list"),
    path("new/", views.new, name="new"),
    path("new/proposal/", views.proposal, name="proposal"),
    path("batch/", views.batch, name="batch"),
    path("uploads/", views.upload, name="upload"),
    path("terms/", views.terms_page, name="terms"),
    path("standing/", views.standing, name="standing"),
    path("scheme/", scheme_views.scheme_page, name="scheme"),
    path("scheme/<str:uid>/", scheme_views.decide, name="decide_scheme"),
    path("catalogue/", catalogue_views.page, name="catalogue"),
    path("custody/", custody_views.offers, name="offers"),
    path("custody/<str:uid>/", custody_views.answer, name="answer"),
    path("openings/of/<str:uid>/", custody_views.decide, name="decide_opening"),
    path("openings/<str:uid>/", custody_views.opening, name="opening"),
    path("knowledge/<str:uid>/", knowing_views.what_knows, name="what_knows"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/classify/", views.classify, name="classify"),
    path("<str:uid>/change/", views.change, name="change"),
    path("<str:uid>/scope/", views.scope, name="scope"),
    path("<str:uid>/who/", knowing_views.who_knows, name="who"),
    path("<str:uid>/guard/", custody_views.guard, name="guard"),
    path("<str:uid>/correct/", views.correct, name="correct"),
    path("<str:uid>/told/", knowing_views.told, name="told"),
]

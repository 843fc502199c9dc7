"""/documents/…"""

from django.urls import path

from mifeng.rooms.documents import views

urlpatterns = [
    path("", views.register_list, name="list"),
    path("new/", views.new, name="new"),
    path("new/proposal/", views.proposal, name="proposal"),
    path("batch/", views.batch, name="batch"),
    path("uploads/", views.upload, name="upload"),
    path("terms/", views.terms_page, name="terms"),
    path("standing/", views.standing, name="standing"),
    path("<str:uid>/", views.card, name="card"),
    path("<str:uid>/classify/", views.classify, name="classify"),
    path("<str:uid>/change/", views.change, name="change"),
    path("<str:uid>/scope/", views.scope, name="scope"),
    path("<str:uid>/who/", views.who, name="who"),
    path("<str:uid>/correct/", views.correct, name="correct"),
    path("<str:uid>/told/", views.told, name="told"),
]

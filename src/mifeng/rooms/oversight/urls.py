"""/oversight/…"""

from django.urls import path

from mifeng.rooms.oversight import views

urlpatterns = [
    path("", views.log, name="log"),
    path("log/<int:seq>/", views.entry, name="entry"),
    path("proofs/", views.proofs, name="proofs"),
    path("proofs/bundle/", views.bundle, name="bundle"),
]

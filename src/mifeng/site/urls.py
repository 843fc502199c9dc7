"""The URL table: the site's own pages, then every room under its prefix."""

from importlib import import_module

from django.urls import include, path

from mifeng.rooms import ORDER
from mifeng.site import answers

handler404 = answers.not_found
handler500 = answers.server_error

PREFIX = {"viewing": "read/"}


def _rooms() -> list:
    found = []
    for name in ORDER:
        module = import_module(f"mifeng.rooms.{name}.urls")
        found.append(path(PREFIX.get(name, f"{name}/"), include((module.urlpatterns, name))))
    return found


urlpatterns = [
    path("", include("mifeng.site.home_urls")),
    path("account/", include(("mifeng.site.signin.urls", "account"))),
    *_rooms(),
]

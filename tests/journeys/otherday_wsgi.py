"""The web process of a house that lives on another day, as granian loads it."""

from tests.journeys import otherday

otherday.play()

from mifeng.site.wsgi import application  # noqa: E402  # the clock is set before the house is opened

__all__ = ["application"]

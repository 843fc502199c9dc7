"""A throw-away house in this very process, whose clock the journey plays: served by threads beside the one that plays.

Needs `start.django_up` first. Founded empty on 5 January 2026 as a simulation's house is, everybody pledged.
"""

import threading
import tomllib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from mifeng.base import clock, jobs
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries as people_queries
from mifeng.rooms.people.models import Department, Device, Person, new_token
from mifeng.site import start, ticker
from mifeng.site.simulation import founding

PLACES = (("BX-01", PlaceKind.COMBINATION_SAFE), ("BX-04", PlaceKind.SAFE), ("BX-05", PlaceKind.SAFE), ("TG-01", PlaceKind.STEEL_CABINET))
PASSWORDS = timedelta(days=50)
SITTING = timedelta(minutes=3)  # of the house's own five, after which a screen locks


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Played:
    """The house, its clock and who sits where."""

    def __init__(self, cast: Collection[str]) -> None:
        """`cast`: logins of those who work in this journey; they change their passwords in time."""
        start.folders()
        start.static_files()
        founding.found(tomllib.loads(files("mifeng.site.demo").joinpath("org.toml").read_text("utf-8")))
        self.at = founding.FOUNDED + timedelta(hours=2)
        self.cast, self.seats, self.changed, self.sitting = tuple(cast), {}, 0, ("", self.at, {})
        self.wait(0)
        for person in Person.objects.filter(active=True, clearance__gte=10):
            founding.pledge(person)
        self.passwords_at = self.at - PASSWORDS
        self.passwords()
        office, home = self.person("fangrl"), Department.objects.get(code="ZJB")
        for code, kind in PLACES:
            copies.set_up_place(office, code, kind, "机要室", "机要室", home)

    def person(self, login: str) -> Person:
        """Somebody as he stands in the house now."""
        return Person.objects.select_related("department").get(login=login)

    # Time ---------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Time goes on, in every thread of this process, and never runs back."""
        self.at += timedelta(seconds=seconds)
        clock._played = self.at

    def until(self, at: datetime) -> None:
        """Time goes on to this instant."""
        self.wait(max((at - self.at).total_seconds(), 0))

    @property
    def today(self) -> date:
        return clock.local(self.at).date()

    def night(self) -> None:
        """What the house does by itself."""
        jobs.enqueue_rounds()
        jobs.run_all()
        ticker.checkpoint()

    def passwords(self) -> None:
        """Whoever works here changes his password before it is too old (I6.3)."""
        if self.at - self.passwords_at < PASSWORDS:
            return
        before, self.passwords_at, self.changed = f"Qinglu-3xing!{self.changed}", self.at, self.changed + 1
        for login in self.cast:
            people.change_password(self.person(login), before, f"Qinglu-3xing!{self.changed}")
        self.sitting = ("", self.at, {})

    # Seats --------------------------------------------------------------------------------------------------------

    def sit(self, login: str) -> dict[str, str]:
        """This person sits at his own desk: the cookies of his session, which begins anew when he was away."""
        who, since, cookies = self.sitting
        if who != login or self.at - since >= SITTING:
            device, token = self._desk(login)
            signed = people.enter_demo(None, self.person(login), device, "10.8.0.0/24")
            cookies = {"mf_session": signed.token, "mf_device": token}
        self.sitting = (login, self.at, cookies)
        return cookies

    def _desk(self, login: str) -> tuple[Device, str]:
        if login not in self.seats:
            token = new_token()
            device = people.meet_device(None, token, "pc")
            officer = people_queries.holders("secadmin")[0]
            people.register_device(officer, device, label="办公机", kind="pc", level_cap=30, owner=self.person(login))
            device.refresh_from_db()
            self.seats[login] = (device, token)
        return self.seats[login]

    # The server ---------------------------------------------------------------------------------------------------

    def serve(self) -> str:
        """Answer on a free port of this machine; returns the address, without a stroke at its end."""
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

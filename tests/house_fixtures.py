"""A whole house for a test: real database file, real vault, real log, founded with the one cast.

It is built once a process and copied for each test, so every test commits for real and none sees another's deeds. The
clock is played: tests start on Monday 2026-03-16 at 9:00 in Shanghai and move on with `house.at(...)`.
"""

import os
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mifeng.site import start
from tests import cluster
from tests.cast import Cast

start.django_up()  # conftest has named the folders; what follows needs the rooms
if os.environ.get("MIFENG_TEST_STATEMENTS"):
    from tests import statements

    statements.compare_each()

from django.conf import settings  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from mifeng.base import (  # noqa: E402
    clock,
    deeds,
    record,
    vault,
)
from mifeng.base.refusals import Refused  # noqa: E402
from mifeng.engines.vault import Cost  # noqa: E402
from mifeng.rooms.people import actions  # noqa: E402
from mifeng.rooms.people import actions as people  # noqa: E402
from mifeng.rooms.people.models import (  # noqa: E402
    Credential,
    Person,
    Session,
    new_token,
    token_hash,
)
from mifeng.rooms.training import actions as training  # noqa: E402
from mifeng.site import anchor  # noqa: E402
from mifeng.site.cli.init import founding  # noqa: E402
from tests import prepared  # noqa: E402

START = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
PASSPHRASE = "throw-away 密封"
PASSWORD = "Qinglu-3xing!"


@dataclass
class House:
    """One house under test: its folders, its cast, its clock, and the ways people sit down at a device."""

    home: Path
    keys: Path
    cast: Cast = field(default_factory=Cast)

    @contextmanager
    def at(self, when: datetime | date | timedelta) -> Iterator[None]:
        """Inside the block it is another instant; a date means 9:00 of that local day, a timedelta is added to now."""

        if isinstance(when, timedelta):
            when = clock.now() + when
        elif not isinstance(when, datetime):
            when = clock.start_of(when) + timedelta(hours=9)
        with clock.played(when):
            yield

    def disk(self) -> list[Path]:
        """The folders that a thief of the disks would hold, with all that was written flushed into them."""
        if not cluster.POSTGRESQL:
            return [self.home, self.keys]
        with cluster.connect("postgres") as server:
            server.execute("CHECKPOINT")
            named = [cluster.name_of(self.home)]
            oid = server.execute("SELECT oid FROM pg_database WHERE datname = %s", named).fetchone()[0]
        data = Path(os.environ["MIFENG_TEST_CLUSTER"]) / "data"
        return [self.home, self.keys, data / "base" / str(oid), data / "pg_wal"]

    def sit(self, person: Any, *, cap: int = 30, registered: bool = True, kind: str = "pc", fresh: bool = True) -> Any:
        """A live session of this person at a device of that cap, second factor just proved; returns the session."""

        device = actions.meet_device(None, new_token(), kind)
        if registered:
            actions.register_device(self.cast.secadmin, device, label="办公机", kind=kind, level_cap=cap, owner=person)
        signed = actions.sign_in(None, person.login, PASSWORD, "", device, "10.1.1.0/24")
        if fresh:
            self.prove(signed.session, clock.now())
        return Session.objects.select_related("person__department", "device", "pulse").get(pk=signed.session.pk)

    def prove(self, session: Any, at: datetime) -> None:
        """The second factor as just proved, by a deed of the test's own."""

        def act() -> None:
            session.second_factor_at = at
            session.save()

        deeds._do("people:test_proved", session.person, None, act)

    def log(self) -> list[dict[str, Any]]:
        """Every entry of the log, decoded."""

        return [entry for _seq, entry in record.entries()]

    def last(self) -> dict[str, Any]:
        """The newest entry."""
        return self.log()[-1]

    def open_page_as(self, person: Any) -> Any:
        """A Django test client that is signed in as this person, at a good device."""


        session, token = self.sit(person), new_token()
        Session.objects.filter(pk=session.pk).exists()
        self._give_token(session, token_hash(token))
        client = Client(headers={"accept": "text/html"})
        client.cookies["mf_session"] = token
        return client

    def _give_token(self, session: Any, hashed: str) -> None:
        def act() -> None:
            session.token_hash = hashed
            session.save()

        deeds._do("people:test_token", session.person, None, act)


def company(file: Path | None = None) -> dict[str, Any]:
    """The cast's company, from the demonstration's own data."""
    from importlib.resources import files

    text = file.read_text("utf-8") if file else files("mifeng.site.demo").joinpath("org.toml").read_text("utf-8")
    return tomllib.loads(text)


def build(home: Path, keys: Path, org: dict[str, Any], instance: str = "real") -> None:
    """Found a house in these folders: company, pledges, tests, passwords, the clerks' 委托."""

    open_folders(home, keys)
    start.folders()
    start.migrate()
    vault.create(PASSPHRASE, Cost(memory_kib=64, passes=1, lanes=1))
    start_log()
    anchor.compare()  # born with a note of its log's head, as by the verb init
    with clock.played(FOUNDED):
        people.found(None, founding(org, instance, ready=True))
        hr = next(p for p in Person.objects.all() if "hr" in p.posts() and "dept_head" in p.posts())
        other = next(p for p in Person.objects.all() if "hr" in p.posts() and p.pk != hr.pk)
        head = next(p for p in Person.objects.all() if "gmo_head" in p.posts())
        for person in Person.objects.filter(clearance__gte=10):
            training.record_test(other if person.pk == hr.pk else hr, person, 90, date(2026, 1, 5))
            training.sign_pledge(person)
        for person in (p for p in Person.objects.all() if "clerk" in p.posts()):
            people.appoint(
                head, person, acts=("make", "mail", "transit", "use", "copy", "keep"), level_max=person.clearance,
                since=date(2026, 1, 5), until=date(2026, 12, 31),
            )  # fmt: skip
    with clock.played(START - timedelta(days=14)):


        hashed = make_password(PASSWORD)

        def passwords() -> None:
            for person in Person.objects.all():
                Credential.objects.create(person=person, secret_hash=hashed, changed_at=clock.now())

        deeds._do("people:test_passwords", None, None, passwords)


def contents(folders: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """Every file below these folders with its bytes; one that a server has put away meanwhile is left out."""
    for file in sorted(path for folder in folders for path in folder.rglob("*")):
        with suppress(FileNotFoundError):
            if file.is_file():
                yield file, file.read_bytes()


def open_folders(home: Path, keys: Path) -> None:
    """Point database and vault of this process at these folders; the vault is sealed."""


    connection.close()
    name = cluster.name_of(home) if cluster.POSTGRESQL else str(home / "mifeng.db")
    if cluster.POSTGRESQL:
        cluster.make(name)
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    vault.use(home, keys)


def start_log() -> None:
    """Forget what another house's log said."""

    record.start()


def settle() -> None:
    """Write everything into the database file itself, so that copying the folder copies the house."""

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture(scope="session")
def django_house() -> None:
    """Django, the rooms and the announcements, loaded once."""

    start.django_up()

    setup_test_environment()
    # Nothing is collected for a test: plain names of static files will do.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="session")
def founded(django_house: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house that every test starts from, built once."""
    folder = tmp_path_factory.mktemp("founded")
    build(folder / "var", folder / "var-keys", company())
    settle()
    return folder


@pytest.fixture
def house(founded: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A house of one's own: a copy of the founded one, on 2026-03-16 at 9:00."""
    for made in _copy(founded, tmp_path):
        if "monkeypatch" in request.fixturenames:
            prepared.end()  # it replaces parts of the program: what it begins with is made by these parts
        yield made


def _copy(source: Path, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(source, tmp_path / "house")
    home, keys = tmp_path / "house" / "var", tmp_path / "house" / "var-keys"
    if cluster.POSTGRESQL:
        cluster.make(cluster.name_of(home), template=cluster.name_of(source / "var"))

    def opened() -> None:
        open_folders(home, keys)
        vault.unseal(PASSPHRASE)
        start_log()

    opened()
    with clock.played(START):
        prepared.begin(home, START, opened)
        yield House(home, keys)
        prepared.end()

    connection.close()
    if cluster.POSTGRESQL:
        cluster.drop(cluster.name_of(home))
    vault.seal()


@pytest.fixture
def cast(house: House) -> Cast:
    """The people of the house."""
    return house.cast


@pytest.fixture
def refused() -> Callable[..., Any]:
    """`with refused("M2.1") as refusal:` – the block is refused with exactly these clauses, in any order."""

    @contextmanager
    def check(*clauses: str) -> Iterator[list[Any]]:
        seen: list[Any] = []
        with pytest.raises(Refused) as caught:
            yield seen
        seen.append(caught.value)
        assert set(caught.value.clauses) == set(clauses), caught.value.clauses

    return check

"""Bringing an installation up: folders, Django, tables, vault, state of the log. Used by every verb that needs a house."""

import os
from pathlib import Path

import django

from mifeng.site import database


class CannotStart(Exception):
    """The installation cannot be started: what was found, what to do, in Chinese and English."""


def django_up() -> None:
    """Load the settings and the rooms, once: a deed without the rooms would be done and no room hear of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mifeng.site.settings")
    django.setup()
    from mifeng.base import room  # app loading

    room.rooms()


def folders() -> None:
    """`var` for papers, `var-keys` for keys: private, never one below the other."""
    from mifeng.base import vault  # app loading

    for folder in (vault.places().home, vault.places().keystore):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def migrate() -> None:
    """Bring the tables up to this version and put their guards in."""
    from mifeng.site import tables  # app loading

    _database()
    tables.bring_up()


def _database() -> None:
    from django.conf import settings  # app loading

    try:
        database.check(settings.ENV.fast_disk)
    except database.UnusableDatabase as reason:
        raise CannotStart(str(reason)) from None


def static_files() -> None:
    """Collect hashed, compressed static files; skipped while the stamp of their sources is unchanged."""
    from django.conf import settings  # app loading
    from django.core.management import call_command

    stamp, now = Path(settings.STATIC_ROOT) / ".stamp", _stamp(settings.SITE / "static")
    if stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)


def _stamp(folder: Path) -> str:
    newest = max((int(p.stat().st_mtime) for p in folder.rglob("*") if p.is_file()), default=0)
    return f"{newest}:{sum(1 for _ in folder.rglob('*'))}"


def house() -> None:
    """Everything before the first request: checks, company's zone, the log's states, the announcements compared."""
    from mifeng.base import clock, record, room, vault  # app loading
    from mifeng.rooms.approvals import checks as approvals
    from mifeng.rooms.people import queries
    from mifeng.rooms.people.models import Company
    from mifeng.site import anchor, checks, messages

    checks.refuse_unsafe()
    _database()
    messages.compile_all()
    room.check()
    approvals.check()
    record.start()
    company = Company.objects.first()
    if company:
        clock.use_zone(company.zone)
    if vault.is_open():
        anchor.compare()
        if company and not clock.believed() and queries.is_demo():
            clock.confirm(clock.machine_clock())  # a demonstration is often left for months, and guards nothing


def unseal_from_file(path: Path) -> None:
    """Open the vault with the passphrase in a file: demonstrations and tests, or a TPM credential by choice."""
    from mifeng.base import vault  # app loading

    vault.unseal(path.read_text().strip())

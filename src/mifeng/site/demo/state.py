"""How far a demonstration is: its throw-away vault, whether its past was played to the end. Cheap to ask at every start."""

import secrets
from pathlib import Path

from mifeng.base import vault
from mifeng.base.models import LogIndex

LAST_DEED = "people:see_notices"


def make_vault(unseal: Path) -> None:
    """A throw-away vault whose passphrase lies in a file: demonstrations and tests only."""
    unseal.write_text(secrets.token_urlsafe(24))
    unseal.chmod(0o600)
    vault.create(unseal.read_text().strip())


def is_complete() -> bool:
    """True when the past was played to its end."""
    return LogIndex.objects.filter(act=LAST_DEED).exists()

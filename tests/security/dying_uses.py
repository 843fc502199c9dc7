"""Processes that use grants and are killed. As tests.security.dying, one child for each line on stdin.

    python -m tests.security.dying_uses HOME KEYS

`at N`: spend the newest grant, draw a number, register, close, all in one deed, and die before its N-th statement (the
commit counts as one; 0 = live, and tell). `round`: ask, approve, use, ask, approve, revoke, without end. `share N`: so many
processes at once ask for every grant.
"""

import itertools
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests import house_fixtures  # noqa: F401  # brings Django and the rooms up, once for all forks

# isort: split
from django.db import connection

from mifeng.base import clock, numbers, record, vault
from mifeng.base.refusals import Conflict, Refused
from mifeng.rooms.approvals import actions, grants
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from tests import matters
from tests.cast import Cast
from tests.house_fixtures import PASSPHRASE, START
from tests.security.dying import main, say

SERIES = "复密"


def use(grant: Grant) -> dict[str, Any]:
    """One copy: the grant spent, a number drawn, the request registered and closed, in one deed."""
    clerk, told = Cast().clerk, {}

    def copied() -> None:
        spent = grants.spend(clerk, grant, act="copy", item_key=grant.item_key, pages=(1,))
        told["number"] = numbers.register_number(SERIES, numbers.take(SERIES))
        grants.register(spent.approval, told["number"])
        grants.close(spent.approval)

    matters.inside(clerk, copied)
    return {"act": "use", "grant": grant.pk, **told}


def ask() -> dict[str, Any]:
    """The drafter asks for one copy."""
    asked = matters.ask(Cast().drafter, "copy", wanted=Wanted(copies=1, pages=frozenset({1})))
    return {"act": "ask", "approval": asked.pk}


def approve() -> dict[str, Any]:
    """The deputy approves the newest request."""
    approval = actions.approve(Cast().deputy, Approval.objects.filter(state="asked").order_by("pk").last(), "同意")
    return {"act": "approve", "approval": approval.pk, "grant": approval.grants.get().pk}


def revoke() -> dict[str, Any]:
    """The deputy takes the newest approval back."""
    approval = Approval.objects.filter(state="approved").order_by("pk").last()
    actions.revoke(Cast().deputy, approval, "停")
    return {"act": "revoke", "approval": approval.pk}


def use_newest() -> dict[str, Any]:
    """The newest grant that can be used."""
    return use(Grant.objects.filter(state="approved", uses_left__gt=0).order_by("pk").last())


class Killer:
    """Counts the statements of this connection and kills the process before the one with that number."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0
        commit = connection._commit
        connection._commit = lambda: (self._next(), commit())[1]

    def __call__(self, execute: Any, *told: Any) -> Any:
        self._next()
        return execute(*told)

    def _next(self) -> None:
        self.count += 1
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


def killed_at(at: int) -> None:
    """Use the newest grant; die before statement `at`, or say how many statements it took."""
    grant = Grant.objects.order_by("pk").last()
    connection.ensure_connection()
    killer = Killer(at)
    with connection.execute_wrapper(killer):
        told = use(grant)
    say({**told, "statements": killer.count})


def share(workers: int) -> None:
    """So many processes at once, each asking for every grant; each tells which it has used."""
    for _n in range(workers):
        if os.fork() == 0:
            record.start()
            spent, refused, faults = [], 0, []
            for grant in Grant.objects.order_by("pk"):
                try:
                    spent.append(use(grant)["grant"])
                except (Refused, Conflict):
                    refused += 1
                except Exception as fault:  # noqa: BLE001  # told to the test
                    faults.append(repr(fault))
            say({"act": "share", "spent": spent, "refused": refused, "faults": faults})
            os._exit(0)
    for _n in range(workers):
        os.wait()


def work(line: str) -> None:
    """What one child does: `at N`, `share N` or `round`."""
    vault.unseal(PASSPHRASE)
    doing, _, number = line.partition(" ")
    with clock.played(START), matters.announced("copy"):
        if doing == "share":
            share(int(number))
            return
        record.start()
        if doing == "at":
            killed_at(int(number))
            return
        for one in itertools.cycle((ask, approve, use_newest, ask, approve, revoke)):
            say(one())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), work)

"""`mifeng init --company FILE`: found a real company: its people, its three officers, the vault and its keepers' shares.

FILE is TOML in the form of src/mifeng/site/demo/org.toml: [company], [[dept]], [[person]], officers. What is printed is
printed once: three shares of the start passphrase (two of them unseal) and a one-time code in two halves for each officer.
"""

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

CLEARED = {"核心": 30, "重要": 20, "一般": 10, "无": 5}


def main(argv: list[str]) -> int:
    """Exit 0 when founded, 1 when there is a company here already, 2 when the file cannot be used."""
    parser = argparse.ArgumentParser(prog="mifeng init")
    parser.add_argument("--company", type=Path, required=True, help="TOML file with company, departments, people, officers")
    args = parser.parse_args(argv)
    from mifeng.site import start  # app loading

    start.django_up()
    from mifeng.base import vault

    start.folders()
    start.migrate()
    if vault.exists():
        print("此处已有公司 / there is a company here already", file=sys.stderr)
        return 1
    try:
        org = tomllib.loads(args.company.read_text(encoding="utf-8"))
        _found(org)
    except (OSError, tomllib.TOMLDecodeError, KeyError) as reason:
        print(f"无法使用 {args.company}: {reason!r}", file=sys.stderr)
        return 2
    return 0


def founding(org: dict[str, Any], instance: str, ready: bool) -> Any:
    """The company of a TOML file as the deed people:found takes it. Raises KeyError for what is missing."""
    from mifeng.rooms.people import actions  # app loading

    names = {row["name"]: row["login"] for row in org["person"]}
    company = org["company"]
    return actions.Founding(
        name=company["name"], short=company["short"], code=company["code"], instance=instance,
        name_en=company.get("name_en", ""), zone=company.get("timezone", "Asia/Shanghai"), ready=ready,
        departments=tuple((d["code"], d["name"], names[d["supervisor"]]) for d in org["dept"]),
        people=tuple(
            actions.NewPerson(p["name"], p["login"], p["dept"], p["title"], tuple(p["roles"]), CLEARED[p["cleared"]])
            for p in org["person"]
        ),
        officers=tuple((o["role"], names[o["a"]], names[o["b"]]) for o in org["company"]["officers"]),
    )  # fmt: skip


def _found(org: dict[str, Any]) -> None:
    from mifeng.base import vault  # app loading
    from mifeng.engines import vault as engine
    from mifeng.rooms.approvals import actions as approvals
    from mifeng.rooms.people import actions, credentials
    from mifeng.site import start

    whole = credentials.passphrase()
    vault.create(whole)
    start.house()
    actions.found(None, founding(org, "real", ready=False))
    approvals.load(None)
    for number, share in enumerate(engine.unseal.split(whole, 2, 3), 1):
        print(f"启封份额 {number}/3(三份任意两份可启封,只显示这一次):\n  {share}\n")
    for login, one, two in actions.first_codes(None):
        print(f"{login}: 前半 {one}  后半 {two}  (首次登录 /account/invitation/)")

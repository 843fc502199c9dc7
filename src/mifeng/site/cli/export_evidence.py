"""`mifeng export-evidence --out FILE.zip`: the log as a bundle that an outsider verifies; prints the public key for him."""

import argparse
import getpass
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Exit 0 when written; keepers unseal, then the auditor proves who he is (a demonstration asks nobody)."""
    parser = argparse.ArgumentParser(prog="mifeng export-evidence")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--login", default="", help="login of the security auditor")
    args = parser.parse_args(argv)
    from mifeng.site import start  # app loading

    start.django_up()
    from mifeng.base.refusals import Refused
    from mifeng.rooms.oversight import actions, signing
    from mifeng.rooms.people import actions as people

    shares = _unseal()
    start.house()
    if shares:
        people.unsealed(None, shares)
    try:
        auditor = _who(args.login)
        data = actions.export_bundle(auditor)
    except Refused as refusal:
        print(refusal.decision.reasons[0].zh, file=sys.stderr)
        return 1
    args.out.write_bytes(data)
    print(f"{args.out}\n{signing.public_key()}")
    return 0


def _unseal() -> int:
    """By the file of ENV or of the demonstration where there is one, else by what keepers type: two shares, or the
    passphrase that was never split. Returns how many shares were typed. Raises CannotStart when they do not fit.
    """
    from django.conf import settings  # app loading

    from mifeng.base import vault
    from mifeng.engines import vault as engine
    from mifeng.site import start

    file = Path(settings.ENV.unseal_file or settings.ENV.home / "demo-unseal")
    if settings.ENV.unseal_file or file.exists():
        start.unseal_from_file(file)
        return 0
    typed = [getpass.getpass("份额或口令短语 / share or passphrase: ").strip()]
    try:
        if " " not in typed[0]:
            vault.unseal(typed[0])
            return 0
        typed.append(getpass.getpass("第二份份额 / second share: ").strip())
        vault.unseal(engine.unseal.join(typed))
    except (engine.ShareRefused, engine.WrongPassphrase):
        raise start.CannotStart("份额或口令短语不符 / the shares or the passphrase do not fit") from None
    return len(typed)


def _who(login: str) -> object:
    """The named auditor, by password and second factor; in a demonstration the A person."""
    from mifeng.base.refusals import Refused  # app loading
    from mifeng.engines.access import Decision
    from mifeng.rooms.people import actions, queries
    from mifeng.rooms.people.models import new_token

    if queries.company().is_demo and not login:
        return queries.holders("auditor")[0]
    device = actions.meet_device(None, new_token(), "pc")
    signed = actions.sign_in(None, login, getpass.getpass("口令: "), input("验证码: "), device, "console")
    person = signed.session.person
    actions.sign_out(person, signed.session)
    if signed.session.second_factor_at is None:
        raise Refused(Decision.refuse("no_second_factor", "I6.2", "须以第二因素验证身份"))
    return person

"""`python -m mifeng VERB`: every verb is a file of mifeng.site.cli with `main(argv) -> int`."""

import sys
from importlib import import_module
from importlib.util import find_spec

VERBS = {
    "up": "run the product with the demonstration company (or an empty one)",
    "serve": "run the web process of an installation that was set up",
    "worker": "run jobs in a process of its own",
    "init": "found an empty company and its officers",
    "demo": "load the demonstration company through real deeds",
    "migrate": "bring the tables up to this version",
    "unseal": "open the vault of a running service from the console",
    "doctor": "say what is missing and what follows",
    "verify": "verify log, row codes, numbers and blobs of this installation",
    "verify-export": "verify an outsider's bundle with tools/verify_log.py",
    "export-evidence": "write the log as a bundle that an outsider can verify",
    "simulate": "years of an invented company in a house that is thrown away, every promise checked",
    "clauses": "the regulation: text, rule, tests, figures, approvers",
    "messages": "compile the message catalogues",
}


def main(argv: list[str]) -> int:
    """Run one verb; exit code 2 for an unknown one."""
    verb = argv[0] if argv else "--help"
    if verb in ("-h", "--help", "help"):
        print("\n".join(f"  {name:16} {text}" for name, text in VERBS.items()))
        return 0
    module = f"mifeng.site.cli.{verb.replace('-', '_')}"
    if verb not in VERBS or find_spec(module) is None:
        print(f"没有这个命令 / no such verb: {verb}", file=sys.stderr)
        return 2
    from mifeng.site import database, start  # start-up time of a verb

    try:
        return import_module(module).main(argv[1:])
    except (start.CannotStart, database.UnusableDatabase) as reason:
        print(reason, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`mifeng migrate`: bring the tables of this installation up to this version."""


def main(argv: list[str]) -> int:
    """Exit 0 when the tables are at this version."""
    from mifeng.site import start  # app loading

    start.django_up()
    start.folders()
    start.migrate()
    return 0

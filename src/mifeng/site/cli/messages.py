"""`mifeng messages`: compile the message catalogues."""


def main(argv: list[str]) -> int:
    """Exit 0 when every catalogue is compiled."""
    from mifeng.site import start  # app loading

    start.django_up()
    from mifeng.site import messages

    messages.compile_all()
    return 0

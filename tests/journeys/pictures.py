"""Pictures of the main pages, taken from the whole demonstration by the browser of the journeys.

    python -m tests.journeys.pictures              build/pictures/*.png: light, dark, telephone, print
    python -m tests.journeys.pictures --keep       the same, and those of docs/pictures, made small

Somebody looks at them before a release; the README shows some of them.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from selenium.webdriver.common.keys import Keys

from tests.cast import LOGINS
from tests.journeys.browser import Browser
from tests.journeys.server import MASK, ROOT, Server, child_environment

OUT, KEPT = ROOT / "build" / "pictures", ROOT / "docs" / "pictures"
LARGEST = 250_000  # bytes of a kept picture


@dataclass(frozen=True)
class Shot:
    """One picture: who sits there, which place, how it is looked at. {DOC-008} and {person} are put in.

    `paper`: the first sheet of what the print button of the page gives. `typed`: what is read with the hand scanner first.
    """

    name: str
    who: str
    place: str
    theme: str = "light"
    phone: bool = False
    paper: bool = False
    tall: bool = False
    ready: str = "main"
    typed: str = ""


SHOTS = (
    Shot("demo", "", "/demo/"),
    Shot("login", "", "/account/login/?form=1"),
    Shot("desk", "gm", "/"),
    Shot("desk-dark", "gm", "/", "dark"),
    Shot("desk-clerk", "clerk", "/"),
    Shot("desk-phone", "gm", "/", phone=True, tall=True),
    Shot("register", "deputy", "/documents/"),
    Shot("register-dark", "deputy", "/documents/", "dark"),
    Shot("register-phone", "deputy", "/documents/", phone=True),
    Shot("register-print", "gm", "/registers/F08/", paper=True),
    Shot("card", "drafter", "/documents/{DOC-008}/", tall=True),
    Shot("card-dark", "drafter", "/documents/{DOC-008}/", "dark", tall=True),
    Shot("card-clerk", "clerk", "/documents/{DOC-008}/"),
    Shot("card-phone", "insider", "/documents/{DOC-008}/", phone=True, tall=True),
    Shot("new", "drafter", "/documents/new/", tall=True),
    Shot("reader", "insider", "/read/{DOC-008}/", ready="canvas:not(.wait)"),
    Shot("reader-dark", "insider", "/read/{DOC-008}/", "dark", ready="canvas:not(.wait)"),
    Shot("reader-phone", "insider", "/read/{DOC-008}/", phone=True, ready="canvas:not(.wait)"),
    Shot("inbox", "gm", "/approvals/"),
    Shot("inbox-phone", "gm", "/approvals/", phone=True),
    Shot("approval", "gm", "/approvals/{request}/"),
    Shot("approval-phone", "gm", "/approvals/{request}/", phone=True),
    Shot("approval-phone-dark", "gm", "/approvals/{request}/", "dark", phone=True),
    Shot("table", "gm", "/approvals/table/", tall=True),
    Shot("versions", "secadmin", "/approvals/table/versions/", tall=True),
    Shot("scheme", "office_head", "/documents/scheme/", tall=True),
    Shot("scheme-phone", "office_head", "/documents/scheme/", phone=True, tall=True),
    Shot("delegations", "deputy", "/approvals/delegations/"),
    Shot("delegations-phone", "deputy", "/approvals/delegations/", phone=True, tall=True),
    Shot("terms", "deputy", "/documents/terms/"),
    Shot("calendar", "office_head", "/people/calendar/"),
    Shot("calendar-phone", "office_head", "/people/calendar/", phone=True, tall=True),
    Shot("calendar-dark", "office_head", "/people/calendar/", "dark"),
    Shot("scope", "drafter", "/documents/{DOC-008}/scope/"),
    Shot("change", "drafter", "/documents/{DOC-008}/change/"),
    Shot("who", "drafter", "/documents/{DOC-008}/who/"),
    Shot("who-phone", "drafter", "/documents/{DOC-008}/who/", phone=True, tall=True),
    Shot("who-print", "drafter", "/documents/{DOC-008}/who/", paper=True),
    Shot("guard", "drafter", "/documents/{DOC-008}/guard/", tall=True),
    Shot("guard-phone", "drafter", "/documents/{DOC-008}/guard/", phone=True, tall=True),
    Shot("told", "clerk", "/documents/{DOC-008}/told/"),
    Shot("offers", "clerk", "/documents/custody/"),
    Shot("what", "insider", "/documents/knowledge/{person}/"),
    Shot("opening-new", "gm", "/documents/openings/of/{person}/"),
    Shot("clauses", "gm", "/clauses/"),
    Shot("clause", "gm", "/clauses/M2.1/"),
    Shot("me", "insider", "/me/", tall=True),
    Shot("people", "hr", "/people/", tall=True),
    Shot("person", "hr", "/people/{person}/", tall=True),
    Shot("appointments", "office_head", "/people/appointments/"),
    Shot("training", "hr", "/training/"),
    Shot("pledges", "insider", "/training/pledges/"),
    Shot("search", "deputy", "/search/"),
    Shot("notices", "secadmin", "/notices/"),
    Shot("notices-dark", "office_head", "/notices/", "dark"),
    Shot("notices-phone", "office_head", "/notices/", phone=True, tall=True),
    Shot("registers", "clerk", "/registers/"),
    Shot("registers-one", "clerk", "/registers/F08/"),
    Shot("registers-one-dark", "clerk", "/registers/F08/", "dark"),
    Shot("registers-one-phone", "clerk", "/registers/F08/", phone=True, tall=True),
    Shot("registers-empty", "clerk", "/registers/F09/"),
    Shot("copies", "clerk", "/copies/"),
    Shot("copies-phone", "clerk", "/copies/", phone=True),
    Shot("copies-held", "insider", "/copies/?view=held"),
    Shot("copy-late", "clerk", "/copies/{copy_late}/", tall=True),
    Shot("copy-missing", "clerk", "/copies/{copy_missing}/", tall=True),
    Shot("copy-made", "clerk", "/copies/{copy_made}/", tall=True),
    Shot("copy-made-phone", "clerk", "/copies/{copy_made}/", phone=True, tall=True),
    Shot("copy-made-dark", "clerk", "/copies/{copy_made}/", "dark"),
    Shot("scan", "clerk", "/copies/scan/", typed="{label}"),
    Shot("scan-phone", "clerk", "/copies/scan/", phone=True, typed="{label}"),
    Shot("scan-dark", "clerk", "/copies/scan/", "dark", typed="{label}"),
    Shot("sign", "second_clerk", "/copies/sign/{sign}/"),
    Shot("sign-phone", "second_clerk", "/copies/sign/{sign}/", phone=True),
    Shot("places", "office_head", "/copies/places/", tall=True),
    Shot("place", "clerk", "/copies/places/{place}/", tall=True),
    Shot("counts", "clerk", "/copies/counts/", tall=True),
    Shot("count", "clerk", "/copies/counts/{count}/", tall=True),
    Shot("count-phone", "clerk", "/copies/counts/{count}/", phone=True, tall=True),
    Shot("clear-up", "clerk", "/copies/counts/{clear_up}/", tall=True),
    Shot("clear-up-dark", "clerk", "/copies/counts/{clear_up}/", "dark", tall=True),
    Shot("clear-up-phone", "clerk", "/copies/counts/{clear_up}/", phone=True, tall=True),
    Shot("destructions", "clerk", "/copies/destructions/"),
    Shot("destruction", "meiyx", "/copies/destructions/{destroying}/", tall=True),
    Shot("destruction-done", "office_head", "/copies/destructions/{destroyed}/", tall=True),
    Shot("desks", "office_head", "/copies/desks/", tall=True),
    Shot("ledgers", "clerk", "/copies/import/"),
    Shot("ledger", "clerk", "/copies/import/{ledger}/", tall=True),
    Shot("ledger-phone", "clerk", "/copies/import/{ledger}/", phone=True, tall=True),
    Shot("jobs-copies", "clerk", "/copies/jobs/"),
    Shot("job", "clerk", "/copies/jobs/{job}/", tall=True),
    Shot("job-phone", "clerk", "/copies/jobs/{job}/", phone=True, tall=True),
    Shot("job-done", "clerk", "/copies/jobs/{job_done}/", tall=True),
    Shot("trip", "clerk", "/copies/trips/{trip}/", tall=True),
    Shot("trip-done", "clerk", "/copies/trips/{trip_done}/", tall=True),
    Shot("trip-phone", "clerk", "/copies/trips/{trip}/", phone=True, tall=True),
    Shot("excerpt", "engineer", "/copies/excerpts/{excerpt}/", tall=True),
    Shot("excerpt-make", "cfo", "/copies/excerpts/{excerpt_to_take}/", tall=True),
    Shot("request-copy", "gm", "/approvals/{copy_asked}/", tall=True),
    Shot("ask-copy", "drafter", "/copies/reproduce/{DOC-008}/", tall=True),
    Shot("ask-copy-phone", "drafter", "/copies/reproduce/{DOC-008}/", phone=True, tall=True),
    Shot("ask-carry", "drafter", "/copies/carry-out/{DOC-008}/", tall=True),
    Shot("ask-carry-dark", "drafter", "/copies/carry-out/{DOC-008}/", "dark", tall=True),
    Shot("ask-excerpt", "drafter", "/copies/excerpt/{DOC-008}/", tall=True),
    Shot("incidents", "office_head", "/copies/incidents/", tall=True),
    Shot("receipts", "clerk", "/circulation/receipts/", tall=True),
    Shot("receipts-dark", "clerk", "/circulation/receipts/", "dark"),
    Shot("receipts-phone", "clerk", "/circulation/receipts/", phone=True, tall=True),
    Shot("receive", "clerk", "/circulation/receipts/new/", tall=True),
    Shot("receipt", "clerk", "/circulation/receipts/{receipt}/", tall=True),
    Shot("arrival", "clerk", "/circulation/receipts/{arrival}/", tall=True),
    Shot("slips", "clerk", "/circulation/slips/"),
    Shot("slips-phone", "clerk", "/circulation/slips/", phone=True, tall=True),
    Shot("slip-out", "clerk", "/circulation/slips/{slip_out}/", tall=True),
    Shot("slip-out-phone", "clerk", "/circulation/slips/{slip_out}/", phone=True, tall=True),
    Shot("slip-out-dark", "clerk", "/circulation/slips/{slip_out}/", "dark", tall=True),
    Shot("slip-waiting", "clerk", "/circulation/slips/{slip_waiting}/", tall=True),
    Shot("slip-done", "clerk", "/circulation/slips/{slip_done}/", tall=True),
    Shot("slip-reader-phone", "board_secretary", "/circulation/slips/{slip_out}/", phone=True, tall=True),
    Shot("ask-slip", "drafter", "/circulation/slips/new/{DOC-008}/", tall=True),
    Shot("loans", "clerk", "/circulation/loans/"),
    Shot("loans-phone", "clerk", "/circulation/loans/", phone=True, tall=True),
    Shot("loan-late", "clerk", "/circulation/loans/{loan_late}/", tall=True),
    Shot("loan-waiting", "clerk", "/circulation/loans/{loan_waiting}/", tall=True),
    Shot("loan-back-dark", "clerk", "/circulation/loans/{loan_back}/", "dark", tall=True),
    Shot("ask-loan", "insider", "/circulation/loans/new/{DOC-008}/", tall=True),
    Shot("dispatches", "clerk", "/circulation/dispatches/", tall=True),
    Shot("dispatches-phone", "second_clerk", "/circulation/dispatches/", phone=True, tall=True),
    Shot("dispatch", "clerk", "/circulation/dispatches/{dispatch}/", tall=True),
    Shot("dispatch-phone", "clerk", "/circulation/dispatches/{dispatch}/", phone=True, tall=True),
    Shot("dispatch-new", "clerk", "/circulation/dispatches/new/{DOC-008}/", tall=True),
    Shot("parcel", "sales_head", "/circulation/parcels/{parcel}/", tall=True),
    Shot("parcel-phone", "sales_head", "/circulation/parcels/{parcel}/", phone=True, tall=True),
    Shot("filings", "clerk", "/circulation/filings/"),
    Shot("filing", "clerk", "/circulation/filings/{filing}/", tall=True),
    Shot("book-F01", "clerk", "/registers/F01/", tall=True),
    Shot("book-F02", "clerk", "/registers/F02/", tall=True),
    Shot("book-F03", "clerk", "/registers/F03/", tall=True),
    Shot("book-F04", "clerk", "/registers/F04/", tall=True),
    Shot("book-F05-dark", "clerk", "/registers/F05/", "dark", tall=True),
    Shot("book-F06", "clerk", "/registers/F06/", tall=True),
    Shot("book-F07", "clerk", "/registers/F07/", tall=True),
    Shot("book-F09", "clerk", "/registers/F09/", tall=True),
    Shot("book-F10", "office_head", "/registers/F10/", tall=True),
    Shot("book-F11", "clerk", "/registers/F11/", tall=True),
    Shot("book-F04-phone", "clerk", "/registers/F04/", phone=True, tall=True),
    Shot("print-F01", "clerk", "/registers/F01/", paper=True),
    Shot("print-F03", "clerk", "/registers/F03/", paper=True),
    Shot("print-F04", "clerk", "/registers/F04/", paper=True),
    Shot("print-F05", "clerk", "/registers/F05/", paper=True),
    Shot("print-F07", "clerk", "/registers/F07/", paper=True),
    Shot("print-F10", "office_head", "/registers/F10/", paper=True),
    Shot("desk-clerk-dark", "clerk", "/", "dark", tall=True),
    Shot("desk-clerk-phone", "clerk", "/", phone=True, tall=True),
    Shot("desk-second", "second_clerk", "/", tall=True),
    Shot("desk-office", "office_head", "/", tall=True),
    Shot("desk-archivist", "meiyx", "/", tall=True),
    Shot("desk-deputy", "other_deputy", "/", tall=True),
    Shot("desk-employee", "insider", "/", tall=True),
    Shot("devices", "secadmin", "/system/devices/"),
    Shot("accounts", "secadmin", "/system/accounts/"),
    Shot("system", "sysadmin", "/system/", tall=True),
    Shot("clock", "secadmin", "/system/clock/"),
    Shot("jobs", "sysadmin", "/system/jobs/"),
    Shot("log", "auditor", "/oversight/", tall=True),
    Shot("proofs", "auditor", "/oversight/proofs/", tall=True),
    Shot("help", "clerk", "/help/clerk/"),
    Shot("emergency", "", "/help/emergency/"),
    Shot("not-found", "outsider", "/documents/{DOC-008}/"),
    Shot("refused", "gm", "/read/{DOC-004}/", phone=True),
)
KEEP = ("desk", "desk-clerk", "register", "card", "reader", "approval-phone", "clauses", "scan", "print-F05")


class Photographer:
    """Sits down as each person in turn and takes the pictures."""

    def __init__(self, server: Server, browser: Browser) -> None:
        self.server, self.browser = server, browser
        self.seats: dict[tuple[str, str], dict[str, str]] = {}
        self.names = {
            **server.told["papers"], **server.told.get("things", {}), "person": server.told["people"]["gexy"],
            "request": server.told["requests"]["DOC-010"],
        }  # fmt: skip

    def take(self, shot: Shot) -> bytes:
        """The picture as PNG."""
        browser = self.browser
        browser.be_phone() if shot.phone else browser.be_desktop()
        browser.be(shot.theme)
        browser.driver.delete_all_cookies()
        if shot.who:
            browser.open("about:blank")
            browser.cookies(self._seat(shot.who, "phone" if shot.phone else "pc"), self.server.address)
        browser.open(self.server.address + shot.place.format(**self.names))
        browser.one(shot.ready)
        if shot.paper:
            return self._printed(shot)
        if shot.typed:
            browser.one("#code").send_keys(shot.typed.format(**self.names) + Keys.ENTER)
            browser.one(".mf-last")
        browser.run("document.activeElement?.blur()")
        if shot.tall:
            self._make_tall(shot)
        return bytes(browser.driver.get_screenshot_as_png())

    def _printed(self, shot: Shot) -> bytes:
        """The first sheet of what the page prints."""
        seat = {**self._seat(shot.who, "pc"), "mf_csrf": MASK}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in seat.items()), "Referer": self.server.address}
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": MASK, "do": "print"}).encode()
        address = self.server.address + shot.place.format(**self.names)  # http, of the server that was started for this
        ask = urllib.request.Request(address, body, headers)  # noqa: S310
        with urllib.request.urlopen(ask) as answer:  # noqa: S310
            sheet = pypdfium2.PdfDocument(answer.read())[0]
        out = io.BytesIO()
        sheet.render(scale=1.6).to_pil().save(out, "PNG")
        return out.getvalue()

    def _seat(self, who: str, device: str) -> dict[str, str]:
        """Where this person sits: he signs in once at each device, as people do."""
        if (who, device) not in self.seats:
            self.seats = {seat: cookies for seat, cookies in self.seats.items() if seat[0] != who}
            self.seats[who, device] = self.server.sit(LOGINS.get(who, who), device)
        return self.seats[who, device]

    def _make_tall(self, shot: Shot) -> None:
        """A window as high as the page, within reason."""
        high = min(2400, int(self.browser.run("return document.documentElement.scrollHeight")))
        wide, scale = (390, 2) if shot.phone else (1440, 1)
        self.browser.tell(
            "Emulation.setDeviceMetricsOverride",
            width=wide,
            height=max(high, 900),
            deviceScaleFactor=scale,
            mobile=shot.phone,
        )


def small(picture: bytes) -> bytes:
    """The same picture in 256 colours, cut to a screen; made narrower until it is below LARGEST."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, 1688 if image.width < 1000 else 1000)))
    for width in (image.width, image.width * 5 // 6, image.width * 2 // 3):
        scaled = image.resize((width, image.height * width // image.width), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        scaled.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() < LARGEST:
            break
    return out.getvalue()


def main(arguments: list[str]) -> int:
    """Found, serve, photograph; `--house FOLDER` uses one that tests.journeys.found has made (a copy of it)."""
    parser = argparse.ArgumentParser(prog="pictures")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--house", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    asked = parser.parse_args(arguments)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="mifeng-pictures-") as folder:
        house = Path(folder) / "house"
        if asked.house:
            shutil.copytree(asked.house, house)
        else:
            house.mkdir()
            subprocess.run(
                [sys.executable, "-m", "tests.journeys.found", str(house)],
                cwd=ROOT,
                env=child_environment({}),
                check=True,
            )
        server, browser = Server(house), Browser(Path(folder) / "browser")
        try:
            server.start()
            photographer = Photographer(server, browser)
            for shot in sorted(SHOTS, key=lambda shot: (shot.phone, shot.who)):
                if not asked.only or shot.name in asked.only:
                    picture = photographer.take(shot)
                    (OUT / f"{shot.name}.png").write_bytes(picture)
                    if asked.keep and shot.name in KEEP:
                        (KEPT / f"{shot.name}.png").write_bytes(small(picture))
                    print(shot.name, flush=True)
        finally:
            browser.close()
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

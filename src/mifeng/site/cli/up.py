"""`mifeng up`: an installation in a folder, with the demonstration company unless --empty; runs until it is told to stop."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

UNKNOWN = "数据库须为 sqlite: 或 postgresql:，不支持 {0} / a house lies in sqlite: or postgresql:, not in {0}"
NOT_OURS = (
    "库中已有一个公司，但它的密钥不在 {0} / a company lives in this database and its keys are not in {0}: "
    "start it with its own --data, or give an empty database"
)

SOURCE = Path(__file__).resolve().parents[2]
MADE = {".pyc", ".mo"}  # made at the start from what is looked at
PREPARED = "prepared"  # in the data folder: which sources made it ready


def main(argv: list[str]) -> int:
    """Prepare the folder, start the server, say when it answers, stop it within 5 seconds."""
    args = _arguments(argv)
    scheme = urlsplit(args.database).scheme
    if args.database and scheme not in ("sqlite", "postgresql"):
        print(UNKNOWN.format(scheme or "?"), file=sys.stderr)
        return 2
    data = Path(args.data).resolve()
    _environment(data, args)
    if not _is_prepared(data):
        from mifeng.site import start  # app loading: the environment is set first

        start.django_up()
        try:
            _prepare(data, args)
        except start.CannotStart as reason:
            print(reason, file=sys.stderr)
            return 2
        (data / PREPARED).write_text(_sources() + _database())
    return _serve(args)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mifeng up", description="Run Mifeng on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="TCP port on 127.0.0.1 (8000)")
    parser.add_argument("--data", default="var", help="folder of the installation; its keys lie in FOLDER-keys (var)")
    parser.add_argument("--database", default="", metavar="URL", help="sqlite: (the file lies in the folder, the default) or postgresql://user@host:port/name")
    parser.add_argument("--empty", action="store_true", help="an empty company instead of the demonstration")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser.parse_args(argv)


def _environment(data: Path, args: argparse.Namespace) -> None:
    os.environ["MIFENG_HOME"] = str(data)
    os.environ["MIFENG_KEYSTORE"] = f"{data}-keys"
    os.environ["MIFENG_PORT"] = str(args.port)
    if args.database:
        os.environ["MIFENG_DATABASE_URL"] = args.database


def _is_prepared(data: Path) -> bool:
    """True when this folder was made ready by these very sources: then the server opens it without looking again."""
    in_file = not _database()
    if (in_file and not (data / "mifeng.db").exists()) or not (data / PREPARED).exists():
        return False
    unseal = data / "demo-unseal"
    if unseal.exists():
        os.environ["MIFENG_UNSEAL_FILE"] = str(unseal)
    return (data / PREPARED).read_text() == _sources() + _database()


def _database() -> str:
    """Which database was made ready, unreadable; "" for the file in the folder itself."""
    url = os.environ.get("MIFENG_DATABASE_URL", "")
    return f" {sha256(url.encode()).hexdigest()}" if urlsplit(url).scheme == "postgresql" else ""


def _sources() -> str:
    """Tables, guards and static files depend on nothing but these: names, sizes and times of every source file."""
    told = [f"{file.relative_to(SOURCE)} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in _files()]
    return sha256("\n".join([sys.version, *told]).encode()).hexdigest()


def _files() -> list[Path]:
    return sorted(file for file in SOURCE.rglob("*") if file.is_file() and file.suffix not in MADE)


def _prepare(data: Path, args: argparse.Namespace) -> None:
    from mifeng.base import vault  # app loading
    from mifeng.site import start

    start.folders()
    start.migrate()
    start.static_files()
    _same_house(data)
    unseal = data / "demo-unseal"
    if args.empty or (vault.exists() and not unseal.exists()):
        _prepare_own(start)
        return
    os.environ["MIFENG_UNSEAL_FILE"] = str(unseal)
    _prepare_demo(unseal)


def _same_house(data: Path) -> None:
    """Folder and database were founded together: neither is opened with another's."""
    from mifeng.base import vault  # app loading
    from mifeng.rooms.people.models import Company
    from mifeng.site import start

    if Company.objects.exists() and not vault.exists():
        raise start.CannotStart(NOT_OURS.format(f"{data}-keys"))


def _prepare_own(start: Any) -> None:
    """A company of one's own: it stays sealed until its keepers come."""
    from mifeng.base import vault  # app loading

    if vault.exists():
        start.house()
        return
    reason = "这里还没有公司。请先运行 ./mifeng init --company FILE / no company here yet: run ./mifeng init --company FILE"
    raise start.CannotStart(reason)


def _prepare_demo(unseal: Path) -> None:
    """The demonstration: its vault opens from a file, its past is played once."""
    from mifeng.base import vault  # app loading
    from mifeng.rooms.people.models import Company
    from mifeng.site import start
    from mifeng.site.demo import state

    if vault.exists():
        start.unseal_from_file(unseal)
    else:
        state.make_vault(unseal)
    start.house()
    if state.is_complete():
        return
    from mifeng.site.demo import loader  # draws papers: a second that later starts need not spend

    if Company.objects.exists():
        _begin_again()
    print("正在让演示公司的过去按真实办理重演一遍，约需一分钟 / playing the demonstration company's past …", flush=True)
    loader.load(say=lambda text: print("  " + text, flush=True))


def _begin_again() -> None:
    """A demonstration whose past was interrupted: its folders are emptied and this verb starts anew. Never a real company."""
    from django.db import connection  # app loading

    from mifeng.base import vault
    from mifeng.rooms.people import queries
    from mifeng.site import database, start

    if not queries.is_demo():
        raise start.CannotStart("此处是正式使用的公司，不载入演示 / a real company lives here: no demonstration is loaded")
    print("上次重演中断，重新开始 / the last playing was interrupted, beginning again", flush=True)
    database.empty()
    connection.close()
    places = vault.places()
    vault.seal()
    for folder in (places.home, places.keystore):
        shutil.rmtree(folder)
    os.environ.pop("MIFENG_UNSEAL_FILE")
    os.execv(sys.executable, [sys.executable, "-m", "mifeng", "up", *sys.argv[2:]])  # our own interpreter


def _serve(args: argparse.Namespace) -> int:
    child = subprocess.Popen([sys.executable, "-m", "mifeng", "serve"], start_new_session=False)

    def stop(_signal: int, _frame: object) -> None:
        child.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    address = f"http://localhost:{args.port}"
    if _answers(args.port, child):
        print(f"Mifeng is ready at {address}", flush=True)
        if not args.no_browser and sys.stdout.isatty():
            import webbrowser  # start-up time of a verb

            webbrowser.open(address)
    return _wait(child)


def _answers(port: int, child: subprocess.Popen[bytes], seconds: int = 60) -> bool:
    """True once the service answers; a sealed one answers on /health/live only."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and child.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _wait(child: subprocess.Popen[bytes]) -> int:
    """The server's exit code; one that does not stop by itself within 4 seconds of TERM is killed."""
    while True:
        try:
            code = child.wait(timeout=0.5)
            return 0 if code in (0, -signal.SIGTERM) else code
        except subprocess.TimeoutExpired:
            continue
        except KeyboardInterrupt:
            child.terminate()
            try:
                child.wait(timeout=4)
            except subprocess.TimeoutExpired:
                child.kill()

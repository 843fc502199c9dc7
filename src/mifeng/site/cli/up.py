"""`mifeng up`: an installation in a folder, with the demonstration company unless --empty; runs until it is told to stop."""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def main(argv: list[str]) -> int:
    """Prepare the folder, start the server, say when it answers, stop it within 5 seconds."""
    args = _arguments(argv)
    data = Path(args.data).resolve()
    _environment(data, args)
    from mifeng.site import start  # app loading: the environment is set first

    start.django_up()
    try:
        _prepare(data, args)
    except start.CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    return _serve(args)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mifeng up", description="Run Mifeng on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="TCP port on 127.0.0.1 (8000)")
    parser.add_argument("--data", default="var", help="folder of the installation; its keys lie in FOLDER-keys (var)")
    parser.add_argument("--empty", action="store_true", help="an empty company instead of the demonstration")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    return parser.parse_args(argv)


def _environment(data: Path, args: argparse.Namespace) -> None:
    os.environ["MIFENG_HOME"] = str(data)
    os.environ["MIFENG_KEYSTORE"] = f"{data}-keys"
    os.environ["MIFENG_PORT"] = str(args.port)
    if not args.empty:
        os.environ["MIFENG_UNSEAL_FILE"] = str(data / "demo-unseal")


def _prepare(data: Path, args: argparse.Namespace) -> None:
    from mifeng.base import vault  # app loading
    from mifeng.rooms.people.models import Company
    from mifeng.site import start

    start.folders()
    start.migrate()
    start.static_files()
    if args.empty:
        _prepare_empty(data)
        return
    unseal = data / "demo-unseal"
    from mifeng.site.demo import loader

    if not vault.exists():
        loader.make_vault(unseal)
    else:
        start.unseal_from_file(unseal)
    start.house()
    if not Company.objects.exists() or not loader.is_complete():
        print("正在让演示公司的过去按真实办理重演一遍,约需一分钟 / playing the demonstration company's past …", flush=True)
        loader.load(say=lambda text: print("  " + text, flush=True))


def _prepare_empty(data: Path) -> None:
    from mifeng.base import vault  # app loading
    from mifeng.site import start

    if vault.exists():
        start.house()
        return
    reason = "这里还没有公司。请先运行 ./mifeng init --company FILE / no company here yet: run ./mifeng init --company FILE"
    raise start.CannotStart(reason)


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

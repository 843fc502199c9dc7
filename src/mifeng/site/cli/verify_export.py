"""`mifeng verify-export BUNDLE --key KEY`: the outsider's verifier, run from here; it shares no code with the product."""

import subprocess
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Hands everything to tools/verify_log.py; its exit code: 0 good, 1 tampered, 2 unusable."""
    verifier = Path(__file__).resolve().parents[4] / "tools" / "verify_log.py"
    return subprocess.run([sys.executable, str(verifier), *argv], check=False).returncode

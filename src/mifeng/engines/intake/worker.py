"""The worker process: `python -m mifeng.engines.intake.worker`, one file a life, spoken to by ask.py over two pipes.

In: one line of JSON (job, arguments, bounds, uid, parent), then the bytes of the file to the end. Out: one line of
JSON, then bytes. It imports what the job needs, locks itself in, and only then reads the file. Of a failure only the
class name leaves, because a message may quote the content.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from .confine import confine
from .limits import Bounds

Job = Callable[..., tuple[dict[str, Any], bytes]]

# job -> module and function. A module's `prepare` imports all it will need, codecs included: later there is no file
# to read from.
JOBS = {
    "inspect": ("inspection", "inspect"),
    "trial": ("pdfs", "trial"),
    "paint": ("images", "paint"),
    "typeset": ("typeset", "typeset"),
    "text": ("text", "read"),
    "table": ("tables", "read"),
    "fonts": ("fonts", "requested"),
    "scans": ("pdfs", "scans"),
    "recognise": ("ocr", "recognise"),
    "layers": ("selftest", "layers"),
    "sleep": ("selftest", "sleep"),
}
# A module may also have `settle`: what starts threads and must therefore begin inside the walls, still before the file.
NUMERIC = frozenset({"recognise"})


def main() -> None:
    """Do one job and end. Exit code 0 whenever an answer was written."""
    answer = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints goes to the error stream, which nobody takes for an answer.
    os.dup2(2, 1)
    request = json.loads(sys.stdin.buffer.readline())
    module_name, function_name = JOBS[request["job"]]
    # openpyxl would load numpy for the sake of two types: slow, and its threads count against the limits.
    if request["job"] not in NUMERIC:
        sys.modules.setdefault("numpy", None)  # type: ignore[arg-type]
    module = importlib.import_module(f"mifeng.engines.intake.{module_name}")
    module.prepare(**request["prepare"])
    settle = getattr(module, "settle", _nothing)
    layers = confine(Bounds(**request["bounds"]), request["uid"], request["parent"], settle)
    work: Job = getattr(module, function_name)
    told, payload = _work(work, sys.stdin.buffer, request["arguments"])
    _answer(answer, {"layers": layers, **told}, payload)


def _nothing() -> None:
    """Most jobs have nothing left to begin once they are locked in."""


def _work(work: Job, source: BinaryIO, arguments: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        return work(source.read(), **arguments)
    except MemoryError:
        return {"failed": "MemoryError"}, b""
    except RecursionError:
        return {"failed": "RecursionError"}, b""
    except Exception as fault:  # noqa: BLE001 - whatever a hostile file raises, the answer is the same
        return {"failed": type(fault).__name__}, b""


def _answer(answer: BinaryIO, told: dict[str, Any], payload: bytes) -> None:
    answer.write(json.dumps(told, ensure_ascii=True).encode("ascii") + b"\n")
    answer.write(payload)
    answer.flush()
    # No farewell work of libraries whose state a hostile file may have bent.
    os._exit(0)


if __name__ == "__main__":
    main()

"""Pages of a PDF as pixels, from worker processes that may die.

The file goes to the worker over a pipe and never lies on a disk. What comes back is believed no more than the file:
lengths are checked before memory is spent. A worker that fails, hangs or answers nonsense is killed and replaced.
"""

import contextlib
import json
import os
import queue
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mifeng.engines.watermark.hidden import Image
from mifeng.engines.watermark.raster_worker import MOST_PIXELS

WALL_SECONDS = 10.0
MOST_BYTES = 256_000_000
MOST_HEADER = 4096
# A worker is renewed after so many pages, so that what one file may have done to it does not stay.
PAGES_A_WORKER = 500
SOURCE = Path(__file__).parents[3]


class RasterRefused(Exception):
    """A PDF of which no page picture is made; the subclasses tell why."""


class PdfEncrypted(RasterRefused):
    """The file needs a password."""


class PdfBroken(RasterRefused):
    """The file is no PDF, or its page cannot be read."""


class PdfTooLarge(RasterRefused):
    """More than 2 000 pages, a page edge above 5 m, or more than 256 MB."""


class PageNotThere(RasterRefused):
    """The page number is outside the document."""


class RasterWorkerLost(RasterRefused):
    """The worker died over the file or gave nonsense; it has been replaced."""


class RasterTimeout(RasterWorkerLost):
    """The worker took longer than 10 s; it has been replaced."""


class PoolClosed(Exception):
    """The pool was closed."""


REFUSALS: dict[str, type[RasterRefused]] = {
    "encrypted": PdfEncrypted,
    "broken": PdfBroken,
    "pages": PdfTooLarge,
    "edge": PdfTooLarge,
    "page": PageNotThere,
}


@dataclass(frozen=True)
class Raster:
    """A page picture, uint8 (h, w, 3) BGR, and its real resolution: lower than asked for where a page had over 36
    million pixels.
    """

    image: Image
    dpi: float


class _Worker:
    """One process and its two pipes."""

    def __init__(self) -> None:
        self.pages = 0
        environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        # The package is found through the working directory, since PYTHONPATH is not handed on.
        self.process = subprocess.Popen(
            [sys.executable, "-s", "-m", "mifeng.engines.watermark.raster_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=SOURCE,
            bufsize=0,
            close_fds=True,
            start_new_session=True,
        )
        assert self.process.stdin and self.process.stdout
        self._into, self._out = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self._into, False)
        os.set_blocking(self._out, False)

    def kill(self) -> None:
        """Ends the process and waits for it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def exchange(self, request: dict[str, object], pdf: bytes, seconds: float) -> tuple[dict[str, object], bytearray]:
        """Sends one request and returns header and body of the answer."""
        deadline = time.monotonic() + seconds
        header = json.dumps(request).encode()
        self._send(struct.pack(">I", len(header)) + header + struct.pack(">I", len(pdf)), deadline)
        self._send(pdf, deadline)
        answer = self._header(self._frame(MOST_HEADER, deadline))
        return answer, self._frame(3 * MOST_PIXELS, deadline)

    @staticmethod
    def _header(frame: bytearray) -> dict[str, object]:
        try:
            answer = json.loads(frame)
        except ValueError as error:
            raise RasterWorkerLost("the answer's header is no JSON") from error
        if not isinstance(answer, dict):
            raise RasterWorkerLost("the answer's header is no object")
        return answer

    def _send(self, data: bytes, deadline: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(self._into, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(self._into, rest[: 1 << 20]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise RasterWorkerLost("the worker's input is closed") from error

    def _frame(self, most: int, deadline: float) -> bytearray:
        length = struct.unpack(">I", self._receive(4, deadline))[0]
        if length > most:
            raise RasterWorkerLost(f"an answer of at most {most} bytes was expected, got {length}")
        return self._receive(length, deadline)

    def _receive(self, count: int, deadline: float) -> bytearray:
        data = bytearray(count)
        rest = memoryview(data)
        while rest:
            self._wait(self._out, select.POLLIN, deadline)
            try:
                got = os.readv(self._out, [rest])
            except BlockingIOError:
                continue
            if not got:
                raise RasterWorkerLost("the worker ended without an answer")
            rest = rest[got:]
        return data

    @staticmethod
    def _wait(pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise RasterTimeout("no answer within the wall time")


class RasterPool:
    """A fixed number of raster workers, started at the first use; safe for threads.

    Args:
        workers: processes at once; each needs about 110 MB.
        seconds: wall time of one request.
    """

    def __init__(self, workers: int = 1, *, seconds: float = WALL_SECONDS) -> None:
        self._seconds = seconds
        self._size = workers
        self._free: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._closed = False
        for _ in range(workers):
            self._free.put(None)

    def page_count(self, pdf: bytes) -> int:
        """Returns the number of pages.

        Raises:
            RasterRefused: one of its subclasses.
        """
        answer, _ = self._ask({"do": "count"}, pdf)
        pages = answer.get("pages")
        if not isinstance(pages, int):
            raise RasterWorkerLost("the answer has no number of pages")
        return pages

    def page(self, pdf: bytes, number: int, dpi: float = 150) -> Image:
        """Returns page `number` (from 1) as uint8 (h, w, 3) BGR; see `render` where the real resolution matters.

        Raises:
            RasterRefused: one of its subclasses.
        """
        return self.render(pdf, number, dpi).image

    def render(self, pdf: bytes, number: int, dpi: float = 150) -> Raster:
        """Returns page `number` (from 1) with its real resolution.

        Raises:
            RasterRefused: one of its subclasses.
        """
        answer, body = self._ask({"do": "page", "page": number, "dpi": dpi}, pdf)
        height, width, real = (answer.get(name) for name in ("height", "width", "dpi"))
        if not (isinstance(height, int) and isinstance(width, int) and isinstance(real, int | float)):
            raise RasterWorkerLost("the answer has no size")
        if min(height, width) < 1 or len(body) != height * width * 3:
            raise RasterWorkerLost(f"{height} x {width} pixels were announced, got {len(body)} bytes")
        return Raster(np.frombuffer(body, np.uint8).reshape(height, width, 3), float(real))

    def warm(self) -> None:
        """Starts all workers, so that the first page does not wait for them."""
        taken = [self._free.get() for _ in range(self._size)]
        for worker in taken:
            self._free.put(worker or _Worker())

    def close(self) -> None:
        """Ends all workers; a request under way is waited for."""
        self._closed = True
        for _ in range(self._size):
            worker = self._free.get()
            if worker:
                worker.kill()
            self._free.put(None)

    def __enter__(self) -> "RasterPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: dict[str, object], pdf: bytes) -> tuple[dict[str, object], bytearray]:
        if len(pdf) > MOST_BYTES:
            raise PdfTooLarge(f"at most {MOST_BYTES} bytes, got {len(pdf)}")
        with self._worker() as worker:
            answer, body = worker.exchange(request, pdf, self._seconds)
        refused = answer.get("refused")
        if refused is not None:
            raise REFUSALS.get(str(refused), RasterWorkerLost)(
                f"the raster worker refused the file: {str(refused)[:20]}"
            )
        return answer, body

    @contextlib.contextmanager
    def _worker(self) -> Iterator[_Worker]:
        """Lends a living worker; one that raised is killed and replaced."""
        worker = self._free.get()
        try:
            if self._closed:
                raise PoolClosed("the raster pool is closed")
            if worker is None or worker.process.poll() is not None or worker.pages >= PAGES_A_WORKER:
                if worker:
                    worker.kill()
                worker = _Worker()
            worker.pages += 1
            yield worker
        except RasterWorkerLost:
            if worker:
                worker.kill()
            worker = _Worker()
            raise
        finally:
            self._free.put(worker)

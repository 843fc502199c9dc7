"""Benchmark of the vault engine: rows V1 to V3 of its design, each beside a peer in the same process and run.

CPU time, medians. The ceiling is pyca/cryptography itself without our format; tink and pyrage are used if installed and
named as absent if not.
"""

import importlib
import io
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mifeng.engines.vault import Folder, KeyStore, Kind, RootKey, Vault
from mifeng.engines.vault.envelope import HEADER, Header, Reader, Writer
from mifeng.engines.vault.keyring import slot_aad
from mifeng.engines.vault.suites import Aead, wrap
from mifeng.engines.vault.suites.chosen import suite_of

ONE = suite_of(1)
MIB = 1 << 20
DOC = bytes(16)


def row(name: str, ours: float, unit: str, note: str, **peer: object) -> dict[str, object]:
    """One row in the shape that all benchmarks share; ``peer``: name, value, goal, and whether less is better."""
    value, goal = peer.get("value"), peer.get("goal")
    ratio = None if value is None else (value / ours if peer.get("less_is_better") else ours / value)
    return {
        "name": name,
        "ours": round(ours, 3),
        "unit": unit,
        "peer": peer.get("peer"),
        "peer_value": None if value is None else round(value, 3),
        "ratio": None if ratio is None else round(ratio, 3),
        "goal": goal,
        "met": None if ratio is None or goal is None else ratio >= goal,
        "note": note,
    }


def median_cpu(act: Callable[[], object], runs: int) -> float:
    """Seconds of CPU, median of ``runs`` after one warm-up."""
    act()
    taken = []
    for _ in range(runs):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def installed(name: str) -> str | None:
    """Version of a peer, ``None`` if it is absent."""
    try:
        importlib.import_module(name)
        return version(name)
    except (ImportError, PackageNotFoundError):
        return None


def blocks(text: memoryview, size: int) -> Iterator[memoryview]:
    """The text in blocks, the last one shorter."""
    return (text[at : at + size] for at in range(0, len(text) or 1, size))


def header_for(length: int) -> Header:
    """A header of an original of this length."""
    return Header(1, Kind.ORIGINAL, DOC, 1, 0, length, os.urandom(16), os.urandom(7))


def times(count: int, act: Callable[[], object]) -> Callable[[], None]:
    """``act`` so many times, each result let go at once: kept results would measure the memory, not the cipher."""

    def acts() -> None:
        for _ in range(count):
            act()

    return acts


def seal_stream(dek: bytes, text: memoryview) -> None:
    """Seal the text piece by piece; like the blob store we take each piece and let it go."""
    header = header_for(len(text))
    for _ in Writer(ONE, dek, header).pieces(blocks(text, header.chunk)):
        pass


def in_mib_chunks(dek: bytes, text: memoryview) -> None:
    """The limit: nothing but the cipher over chunks of 1 MiB through one buffer."""
    encrypt_into, room = AESGCM(dek).encrypt_into, memoryview(bytearray(MIB + 16))
    for number, block in enumerate(blocks(text, MIB)):
        encrypt_into(number.to_bytes(12), block, None, room[: len(block) + 16])


def open_stream(reader: Reader, length: int) -> None:
    """Open the whole text in ranges of 1 MiB, each handed out as bytes of its own."""
    for at in range(0, length, MIB):
        reader.read(at, MIB)


def open_mib_chunks(dek: bytes, sealed: list[bytes]) -> None:
    """The same with the cipher alone: every chunk of 1 MiB as bytes of its own."""
    decrypt = AESGCM(dek).decrypt
    for number, chunk in enumerate(sealed):
        decrypt(number.to_bytes(12), chunk, None)


def stream_rows(text: memoryview, runs: int) -> list[dict[str, object]]:
    """V1: a large object."""
    size, dek = len(text), os.urandom(32)
    note = f"{size / 1e6:.0f} MB, median of {runs}, CPU, cryptography {version('cryptography')}"
    rate = lambda act: size / 1e6 / median_cpu(act, runs)  # noqa: E731
    ours, limit = rate(lambda: seal_stream(dek, text)), rate(lambda: in_mib_chunks(dek, text))
    one_shot = rate(lambda: AESGCM(dek).encrypt(bytes(12), text, None))
    rows = [
        row("V1 seal 64 KiB chunks", ours, "MB/s", note, peer="pyca 1 MiB chunks", value=limit, goal=0.6),
        row("V1 seal 64 KiB chunks", ours, "MB/s", note, peer="pyca one-shot encrypt", value=one_shot),
    ]
    chunks = [AESGCM(dek).encrypt(n.to_bytes(12), block, None) for n, block in enumerate(blocks(text, MIB))]
    limit = rate(lambda: open_mib_chunks(dek, chunks))
    reader = reader_of(dek, sealed_whole(dek, text))
    opened = rate(lambda: open_stream(reader, size))
    rows.append(row("V1 open 64 KiB chunks", opened, "MB/s", note, peer="pyca 1 MiB chunks", value=limit, goal=0.6))
    return rows + [tink_stream(ours, text, runs, note), pyrage_stream(ours, text, runs, note)]


def sealed_whole(dek: bytes, text: memoryview) -> memoryview:
    """A container in memory."""
    header = header_for(len(text))
    return memoryview(b"".join(map(bytes, Writer(ONE, dek, header).pieces(blocks(text, header.chunk)))))


def reader_of(dek: bytes, sealed: memoryview, fetched: list[int] | None = None) -> Reader:
    """A reader over memory that notes how many bytes it was given."""

    def fetch(start: int, length: int) -> memoryview:
        if fetched is not None:
            fetched.append(length)
        return sealed[start : start + length]

    return Reader(ONE, dek, bytes(sealed[:HEADER]), len(sealed), fetch)


def tink_stream(ours: float, text: memoryview, runs: int, note: str) -> dict[str, object]:
    """Tink's streaming encryption, 1 MiB segments."""
    name, goal, found = "V1 seal 64 KiB chunks", 3, installed("tink")
    if found is None:
        return row(name, ours, "MB/s", "peer absent", peer="tink streaming", goal=goal)
    import tink  # optional dependency
    from tink import streaming_aead  # optional dependency

    streaming_aead.register()
    template = streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
    cipher = tink.new_keyset_handle(template).primitive(streaming_aead.StreamingAead)

    def act() -> None:
        kept = io.BytesIO()
        kept.close = lambda: None  # type: ignore[method-assign]  # the stream would close what we want to keep
        with cipher.new_encrypting_stream(kept, b"") as out:
            out.write(text)

    value = len(text) / 1e6 / median_cpu(act, runs)
    return row(name, ours, "MB/s", f"{note}, tink {found}", peer="tink streaming", value=value, goal=goal)


def pyrage_stream(ours: float, text: memoryview, runs: int, note: str) -> dict[str, object]:
    """The age format in one piece."""
    name, goal, found = "V1 seal 64 KiB chunks", 8, installed("pyrage")
    if found is None:
        return row(name, ours, "MB/s", "peer absent", peer="pyrage", goal=goal)
    import pyrage  # optional dependency

    to, data = [pyrage.x25519.Identity.generate().to_public()], bytes(text)
    value = len(data) / 1e6 / median_cpu(lambda: pyrage.encrypt(data, to), runs)
    return row(name, ours, "MB/s", f"{note}, pyrage {found}", peer="pyrage", value=value, goal=goal)


def whole_seal(kek: Aead, text: memoryview) -> tuple[bytes, bytes]:
    """All cryptography of ``prepare`` for a small object: key, header, commitment, text, slot; no disk."""
    dek, header = ONE.fresh_key(), header_for(len(text))
    writer = Writer(ONE, dek, header)
    slot = wrap(kek, dek, slot_aad(writer.binding, "20:YF", 1))
    return b"".join(map(bytes, writer.pieces(blocks(text, header.chunk)))), slot


def small_rows(count: int, runs: int) -> list[dict[str, object]]:
    """V2: a whole 20 KB object, with key commitment."""
    text, kek = memoryview(os.urandom(20000)), ONE.aead(os.urandom(32))
    note = f"20 KB, {count} in a run, median of {runs}, CPU"
    each = lambda act: median_cpu(times(count, act), runs) / count * 1e6  # noqa: E731
    ours = each(lambda: whole_seal(kek, text))
    bare = each(lambda: AESGCM(os.urandom(32)).encrypt(bytes(12), text, None))
    name = "V2 seal 20 KB with commitment and slot"
    rows = [row(name, ours, "us", note, peer="pyca one-shot, no envelope", value=bare, less_is_better=True)]
    for peer, goal, act in (("tink", 1.7, tink_envelope), ("pyrage", 8, pyrage_envelope)):
        found = installed(peer)
        value = each(act(bytes(text))) if found else None
        told = f"{note}, {peer} {found}" if found else "peer absent"
        rows.append(row(name, ours, "us", told, peer=peer, value=value, goal=goal, less_is_better=True))
    return rows


def tink_envelope(text: bytes) -> Callable[[], object]:
    """Tink's envelope encryption, the wrapping key in this process."""
    import tink  # optional dependency
    from tink import aead  # optional dependency

    aead.register()
    remote = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM).primitive(aead.Aead)
    cipher = aead.KmsEnvelopeAead(aead.aead_key_templates.AES256_GCM, remote)
    return lambda: cipher.encrypt(text, b"20:YF")


def pyrage_envelope(text: bytes) -> Callable[[], object]:
    """The age format for one recipient."""
    import pyrage  # optional dependency

    to = [pyrage.x25519.Identity.generate().to_public()]
    return lambda: pyrage.encrypt(text, to)


def page_rows(text: memoryview, runs: int) -> list[dict[str, object]]:
    """V3: one page out of a large document."""
    size, dek, fetched = len(text), os.urandom(32), []
    reader = reader_of(dek, sealed_whole(dek, text), fetched)
    at = size // 2 // 65536 * 65536
    page = reader.read(at, 65536)
    assert page == text[at : at + 65536]
    read = HEADER + sum(fetched)
    share, note = 100 * read / size, f"64 KiB at the middle of {size / 1e6:.0f} MB, {read} bytes read"
    micro = median_cpu(times(1000, lambda: reader.read(at, 65536)), runs) * 1e3
    cipher, block = AESGCM(dek), AESGCM(dek).encrypt(bytes(12), page, None)
    bare = median_cpu(times(1000, lambda: cipher.decrypt(bytes(12), block, None)), runs) * 1e3
    opened = row("V3 bytes opened for one page", share, "% of the file", note, goal=0.2)
    opened["met"] = share < 0.2
    return [
        opened,
        row("V3 open one chunk", micro, "us", note, peer="pyca one-shot decrypt", value=bare, less_is_better=True),
    ]


def disk_rows(count: int) -> list[dict[str, object]]:
    """The whole way with both stores on this disk: for information, the disk decides."""
    text = os.urandom(20000)
    with tempfile.TemporaryDirectory() as home:
        keys = KeyStore(Path(home) / "keys" / "keys.db")
        vault, made, medians = Vault(RootKey.fresh(), keys, Folder(Path(home) / "blobs")), [], {}
        facts = {"kind": Kind.ORIGINAL, "doc_id": DOC, "version": 1}
        for name, act in {
            "prepare": lambda n: made.append(vault.prepare(text, part=n, compartment="20:YF", **facts)),
            "withdraw": lambda n: vault.withdraw(made[n].object_id, part=n, **facts),
            "shred": lambda n: vault.shred([made[n].object_id]),
        }.items():
            taken = []
            for number in range(count):
                start = time.perf_counter()
                act(number)
                taken.append((time.perf_counter() - start) * 1e3)
            medians[name] = statistics.median(taken)
        keys.close()
    note = f"20 KB, {count} objects, median, wall time, fsync included"
    return [row(f"{name} with both stores", value, "ms", note) for name, value in medians.items()]


def run(quick: bool) -> list[dict[str, object]]:
    """All rows; ``quick`` uses a smaller object and fewer runs (some ten seconds)."""
    text = memoryview(os.urandom(32_000_000 if quick else 100_000_000))
    runs, count = (3, 500) if quick else (5, 2000)
    page = memoryview(os.urandom(100_000_000))
    return stream_rows(text, runs) + small_rows(count, runs) + page_rows(page, runs) + disk_rows(100)


if __name__ == "__main__":
    print(json.dumps({"bench": "vault", "rows": run("--quick" in sys.argv)}, indent=1))

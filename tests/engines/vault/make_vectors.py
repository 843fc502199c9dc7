"""Writes vectors/vault/*.txt with the reference model. Golden: run it only to add one, and read the difference.

Usage: python -m vault.make_vectors FOLDER, started in tests/engines.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from . import reference

DEK = bytes(range(32))
DOC, OBJECT, PREFIX = bytes(range(16, 32)), bytes(range(32, 48)), b"prefix7"
ROOT, KEK = bytes(range(64, 96)), bytes(range(128, 160))
NONCE = bytes(range(12))
THREE = bytes(i * 7 % 251 for i in range(9000))  # two chunks of 4096 and a short one


def vector(folder: Path, name: str, expect: str, payload: bytes, **facts: str | int) -> None:
    lines = [f"expect: {expect}", *(f"{key.replace('_', '-')}: {value}" for key, value in facts.items()), ""]
    text = base64.b64encode(payload).decode()
    lines += [text[at : at + 76] for at in range(0, len(text), 76)]
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def opens(folder: Path, name: str, text: bytes, log2: int) -> None:
    sealed = reference.container(DEK, head(len(text), log2=log2), text)
    facts = {"key": DEK.hex(), "sha256": hashlib.sha256(text).hexdigest(), "length": len(text)}
    vector(folder, name, "opens", sealed, **facts)


def refused(folder: Path, name: str, sealed: bytes, why: str, key: bytes = DEK) -> None:
    vector(folder, f"refused_{name}", "refused", sealed, key=key.hex(), because=why)


def head(length: int, log2: int = 12, kind: int = 1, suite: int = 1) -> bytes:
    return reference.header(DEK, DOC, 3, 2, kind, length, OBJECT, PREFIX, log2, suite)


def committed(fields: bytes) -> bytes:
    return fields + reference.hmac.digest(DEK, b"MFV1 commit" + fields, "sha256")


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def containers(folder: Path) -> None:
    opens(folder, "opens_empty", b"", 16)
    opens(folder, "opens_short", "密封 MFV1".encode(), 16)
    opens(folder, "opens_three_chunks", THREE, 12)
    opens(folder, "opens_exactly_two_chunks", THREE[:8192], 12)


def refusals(folder: Path) -> None:
    good, size = reference.container(DEK, head(9000), THREE), 4096 + 16
    first, second, third = good[96 : 96 + size], good[96 + size : 96 + 2 * size], good[96 + 2 * size :]
    refused(folder, "flipped_text", flipped(good, 100), "wrong tag")
    refused(folder, "flipped_tag", flipped(good, len(good) - 1), "wrong tag")
    refused(folder, "chunks_swapped", good[:96] + second + first + third, "wrong tag")
    refused(folder, "cut", good[: 96 + 2 * size], "wrong size")
    refused(folder, "trailing_byte", good + b"\0", "wrong size")
    refused(folder, "short_header", good[:95], "short header")
    refused(folder, "wrong_key", good, "the key is not the one committed to", bytes(32))
    refused(folder, "magic", flipped(good, 3), "no MFV1 header")
    refused(folder, "version_changed", flipped(good, 27), "the key is not the one committed to")
    forged = good[:32] + (8192).to_bytes(8) + good[40:96] + first + second
    refused(folder, "length_forged", forged, "the key is not the one committed to")
    unmarked = reference.container(DEK, head(9000), THREE, mark_last=False)
    refused(folder, "last_chunk_not_marked", unmarked, "wrong tag")
    short = reference.container(DEK, head(8192), THREE[:8192], mark_last=False)
    refused(folder, "cut_at_a_chunk_by_the_writer", short, "wrong tag")


def refused_headers(folder: Path) -> None:
    """Headers that a holder of the key could write, and that no reader may accept all the same."""
    fields = head(5)[:64]
    for name, at, value, why in [
        ("flags", 7, 1, "no MFV1 header"),
        ("last_byte", 63, 1, "no MFV1 header"),
        ("kind_0", 6, 0, "header field out of range"),
        ("kind_9", 6, 9, "header field out of range"),
        ("chunk_log2_11", 5, 11, "header field out of range"),
        ("chunk_log2_21", 5, 21, "header field out of range"),
        ("suite_9", 4, 9, "another suite"),
    ]:
        changed = committed(fields[:at] + bytes([value]) + fields[at + 1 :])
        aad = hashlib.sha256(changed).digest()
        sealed = changed + reference.gcm_seal(DEK, PREFIX + bytes(4) + b"\1", b"hello", aad)
        refused(folder, f"header_{name}", sealed, why)


def keys(folder: Path) -> None:
    binding = hashlib.sha256(head(9000)).digest()
    wrapped = reference.wrap_kek(ROOT, KEK, "20:YF", 3, NONCE)
    vector(folder, "kek", "opens", wrapped, root=ROOT.hex(), compartment="20:YF", gen=3, key=KEK.hex())
    facts = {"kek": KEK.hex(), "binding": binding.hex(), "compartment": "20:YF", "gen": 3, "key": DEK.hex()}
    vector(folder, "slot", "opens", reference.wrap_dek(KEK, DEK, binding, "20:YF", 3, NONCE), **facts)
    text, place = "青鹭三型关节模组", "documents_document.title|5e0c"
    facts = {"document-key": DEK.hex(), "context": place, "text": text}
    vector(folder, "field", "opens", reference.field(DEK, place, text, NONCE), **facts)
    facts = {"root": ROOT.hex(), "compartment": "20:YF", "context": place, "text": text}
    vector(folder, "register_field", "opens", reference.register_field(ROOT, "20:YF", place, text, NONCE), **facts)


def key_file(folder: Path) -> None:
    passphrase, salt = "correct horse 密封", bytes(range(16))
    stretched = hash_secret_raw(passphrase.encode(), salt, 1, 64, 1, 32, Type.ID)
    told = {"format": "MFK1", "suite": 1, "kdf": "argon2id", "memory_kib": 64, "passes": 1, "lanes": 1}
    told |= {"salt": salt.hex(), "wrapped": (NONCE + reference.gcm_seal(stretched, NONCE, ROOT, b"MFK1 root\1")).hex()}
    vector(folder, "key_file", "opens", json.dumps(told).encode(), passphrase=passphrase, root=ROOT.hex())


if __name__ == "__main__":
    for write in (containers, refusals, refused_headers, keys, key_file):
        write(Path(sys.argv[1]))

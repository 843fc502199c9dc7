"""Writes vectors/auditlog/*.txt. Golden: run it only to add one, and read the difference.

Usage: python -m tests.engines.auditlog.make_vectors, started in the root of the repository with PYTHONPATH=src.

Roots, proofs and refused signatures come from the reference, not from the engine.
"""

from pathlib import Path

from . import reference
from .samples import ORIGIN, SIGNER, STRANGER, VECTORS, note, sample
from .test_ed25519 import MESSAGE, RFC_8032, refused_signatures
from .test_notes import WITNESS_KEY, cosignature

CT_ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
SIZES = [*range(65), 127, 128, 129, 255, 256, 257, 300]


def write(folder: Path, name: str, expect: str, payload: str, **facts: str) -> None:
    """One scenario: header, blank line, payload up to the end of the file."""
    header = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in {"expect": expect, **facts}.items())
    (folder / f"{name}.txt").write_text(header + "\n" + payload, encoding="utf-8", newline="\n")


def hexed(hashes: list[bytes]) -> str:
    return " ".join(one.hex() for one in hashes) or "-"


def trees(folder: Path) -> None:
    ct = [bytes.fromhex(one) for one in CT_ENTRIES]
    lines = [f"{size} {one or '-'} {reference.tree(ct[:size]).hex()}\n" for size, one in enumerate(["-", *CT_ENTRIES])]
    write(folder, "tree_of_certificate_transparency", "roots", "".join(lines), columns="size last-entry-hex root")
    entries = [b"%d" % number for number in range(300)]
    lines = [f"{size} {reference.tree(entries[:size]).hex()}\n" for size in SIZES]
    write(folder, "tree_sizes", "roots", "".join(lines), columns="size root", entry="the index in decimal ASCII")


def proofs(folder: Path) -> None:
    entries = [b"%d" % number for number in range(20)]
    facts = {"entry": "the index in decimal ASCII"}
    lines = [f"{m} {n} {hexed(reference.path(m, entries[:n]))}\n" for n in range(1, 21) for m in range(n)]
    write(folder, "proof_inclusion", "proofs", "".join(lines), columns="index size proof", **facts)
    lines = [f"{m} {n} {hexed(reference.proof(m, entries[:n]))}\n" for n in range(1, 21) for m in range(1, n + 1)]
    write(folder, "proof_consistency", "proofs", "".join(lines), columns="old new proof", **facts)


ENTRIES = {
    "entry_plain": ("canonical", '{"act":"copies:print","t":1767225600000,"v":1}', ""),
    "entry_words_and_numbers": ("canonical", '{"a":[null,true,false,0,-1,9007199254740991],"t":0,"v":1}', ""),
    "entry_escapes": ("canonical", '{"s":"é密\\n\\u0001\\"\\\\/","t":0,"v":1}', ""),
    "entry_by_code_point": ("canonical", '{"t":0,"v":1,"\uff01":1,"\U0001f512":2}', ""),
    "entry_with_space": ("refused", '{"t": 0,"v":1}', "a space"),
    "entry_unsorted": ("refused", '{"v":1,"t":0}', "keys not sorted"),
    "entry_double_key": ("refused", '{"t":0,"t":0,"v":1}', "a key twice"),
    "entry_float": ("refused", '{"t":0.0,"v":1}', "a float"),
    "entry_exponent": ("refused", '{"t":1e3,"v":1}', "a float"),
    "entry_large": ("refused", '{"t":9007199254740992,"v":1}', "2^53"),
    "entry_not_nfc": ("refused", '{"s":"e\u0301","t":0,"v":1}', "not NFC"),
    "entry_needless_escape": ("refused", '{"s":"\\u0041","t":0,"v":1}', "an escape JSON does not demand"),
    "entry_capital_escape": ("refused", '{"s":"\\u001F","t":0,"v":1}', "escapes are in small letters"),
    "entry_surrogate": ("refused", '{"s":"\\ud800","t":0,"v":1}', "a lone surrogate"),
    "entry_list": ("refused", "[1]", "no object"),
    "entry_no_time": ("refused", '{"v":1}', "no t"),
    "entry_other_version": ("refused", '{"t":0,"v":2}', "v is not 1"),
}


def entries(folder: Path) -> None:
    for name, (expect, payload, because) in ENTRIES.items():
        facts = {"leaf": reference.tree([payload.encode()]).hex()} if expect == "canonical" else {"because": because}
        write(folder, name, expect, payload, **facts)


def notes(folder: Path) -> None:
    log = sample(9)
    good = note(log, 9)
    key, stranger, witness = str(SIGNER.key), str(STRANGER.key), str(WITNESS_KEY)
    facts = {"key": key, "origin": ORIGIN, "size": "9", "root": reference.tree(log).hex()}
    write(folder, "checkpoint_good", "opens", good, **facts)
    write(folder, "checkpoint_with_stranger", "opens", good + note(log, 9, STRANGER).partition("\n\n")[2], **facts)
    write(folder, "checkpoint_cosigned", "opens", good + cosignature(good, 1_700_000_000), **facts | {"key": witness})
    refused = {
        "foreign_key": (good, stranger, "signed by no known key"),
        "other_size": (good.replace("\n9\n", "\n8\n"), key, "the text is not the signed one"),
        "leading_zero": (note(log, 9).replace("\n9\n", "\n09\n"), key, "a size has no leading zeros"),
        "no_blank_line": (good.replace("\n\n", "\n"), key, "no blank line"),
        "hyphen": (good.replace("— ", "- "), key, "a signature line begins with an em dash"),
        "cosigned_at_another_time": (good + cosignature(good, 1, written=2), witness, "the time is signed too"),
    }
    for name, (payload, against, because) in refused.items():
        write(folder, f"checkpoint_{name}", "refused", payload, key=against, because=because)


PUBLISHED = {  # notes published with other implementations of the format
    "note_of_two_lines": (
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    ),
    "note_of_one_line": (
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "This is an example message.\n\n"
        "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
        "\n",
    ),
}


def published(folder: Path) -> None:
    for name, (key, payload) in PUBLISHED.items():
        write(folder, name, "opens", payload, key=key)


def signatures(folder: Path) -> None:
    for name, (_, public, message, signature) in RFC_8032.items():
        file = "ed25519_rfc8032_" + name.replace("test ", "").replace("(", "_").replace(")", "").lower()
        write(folder, file, "verifies", message + "\n", public=public, signature=signature)
    for name, (public, signature) in refused_signatures().items():
        file = "ed25519_refused_" + name.replace(", ", "_").replace(" ", "_")
        facts = {"public": public.hex(), "signature": signature.hex(), "because": name}
        write(folder, file, "refused", MESSAGE.hex() + "\n", **facts)


def paths(folder: Path) -> None:
    lines = "".join(f"{number} {width} {path}\n" for number, width, path in [
        (0, 256, "tile/entries/000"), (1, 256, "tile/entries/001"), (999, 256, "tile/entries/999"),
        (1000, 256, "tile/entries/x001/000"), (1234067, 256, "tile/entries/x001/x234/067"),
        (0, 1, "tile/entries/000.p/1"), (273, 112, "tile/entries/273.p/112"),
        (1067, 255, "tile/entries/x001/067.p/255"),
    ])  # fmt: skip
    write(folder, "tile_paths", "paths", lines, columns="number width path")
    bundle = b'{"t":0,"v":1}', b'{"t":1,"v":1}'
    facts = {"root": reference.tree(list(bundle)).hex()}
    write(folder, "bundle", "2 entries", b"".join(b"\0\x0d" + one for one in bundle).hex() + "\n", **facts)


if __name__ == "__main__":
    VECTORS.mkdir(parents=True, exist_ok=True)
    for part in (trees, proofs, entries, notes, published, signatures, paths):
        part(VECTORS)

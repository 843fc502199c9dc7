"""Signed notes and checkpoints: the text, the key ids, and which lines count."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mifeng.engines import auditlog
from mifeng.engines.auditlog.notes import cosigned, signature_line

from .samples import KEY, ORIGIN, SIGNER, STRANGER, verify_log

TEXT = "one line\nanother\n"
ROOT = bytes(range(32))
WITNESS = auditlog.Signer("witness.example/w1", bytes([7]) * 32)
WITNESS_KEY = auditlog.PublicKey(WITNESS.name, WITNESS.key.raw, auditlog.COSIGNATURE)


def cosignature(note: str, time: int, written: int | None = None) -> str:
    """The witness's line for a note; `written` = the time it claims, if not the one it signed."""
    text = note.partition("\n\n")[0] + "\n"
    signature = Ed25519PrivateKey.from_private_bytes(WITNESS.seed).sign(cosigned(text.encode(), time))
    return signature_line(WITNESS_KEY, (written or time).to_bytes(8, "big") + signature)


def test_a_checkpoint_has_three_lines_a_blank_one_and_the_signature() -> None:
    note = auditlog.checkpoint(ORIGIN, 3, ROOT, SIGNER)
    lines = note.split("\n")
    assert lines[:4] == [ORIGIN, "3", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith(f"— {ORIGIN} ") and lines[5:] == [""]
    assert base64.b64decode(lines[4].split(" ")[2])[:4] == SIGNER.key.key_id
    assert auditlog.open_checkpoint(note, [SIGNER.key]) == auditlog.Checkpoint(ORIGIN, 3, ROOT, (SIGNER.key,))


def test_a_key_survives_its_text() -> None:
    for key in (SIGNER.key, WITNESS_KEY):
        assert auditlog.PublicKey.parse(str(key)) == key
        assert verify_log.key_of(str(key)) == ((key.name, key.key_id), (key.kind, key.raw))


@pytest.mark.parametrize(
    "text",
    [
        "", "name", "name+", "a+b", KEY[:-4], KEY + "A", KEY.replace(ORIGIN, "other"), KEY.replace("+", "-"),
        KEY.upper(), f" {KEY}", KEY.replace(ORIGIN, "two words"), KEY.replace(ORIGIN, ""),
    ],
)  # fmt: skip
def test_a_mangled_key_is_refused(text: str) -> None:
    with pytest.raises(auditlog.KeyUnusable):
        auditlog.PublicKey.parse(text)
    assert verify_log.key_of(text) is None or text.strip() == KEY


@pytest.mark.parametrize("kind", [0, 2, 3, 5, 255])
def test_a_key_of_an_unknown_type_is_refused(kind: int) -> None:
    with pytest.raises(auditlog.KeyUnusable):
        auditlog.PublicKey("name", SIGNER.key.raw, kind)
    assert auditlog.PublicKey("name", SIGNER.key.raw, 1).kind == auditlog.ED25519


def test_the_seed_does_not_show() -> None:
    assert repr(SIGNER) == f"Signer(name='{ORIGIN}')"


def test_a_cosigner_signs_the_text_under_its_time() -> None:
    note = auditlog.checkpoint(ORIGIN, 3, ROOT, SIGNER)
    both = note + cosignature(note, 1_679_315_147)
    assert auditlog.open_checkpoint(both, [SIGNER.key, WITNESS_KEY]).signed_by == (SIGNER.key, WITNESS_KEY)
    assert auditlog.open_checkpoint(both, [WITNESS_KEY]).signed_by == (WITNESS_KEY,)
    with pytest.raises(auditlog.SignatureWrong):
        auditlog.open_checkpoint(note + cosignature(note, 1, written=2), [SIGNER.key, WITNESS_KEY])


def test_lines_of_unknown_keys_are_ignored() -> None:
    note = auditlog.sign_note(TEXT, STRANGER, SIGNER)
    assert auditlog.open_note(note, [SIGNER.key]) == (TEXT, (SIGNER.key,))
    assert auditlog.open_note(note, [SIGNER.key, STRANGER.key]) == (TEXT, (STRANGER.key, SIGNER.key))


def test_a_note_without_a_known_key_is_not_believed() -> None:
    with pytest.raises(auditlog.SignedByNoKnownKey):
        auditlog.open_note(auditlog.sign_note(TEXT, STRANGER), [SIGNER.key])
    with pytest.raises(auditlog.SignedByNoKnownKey):
        auditlog.open_note(auditlog.sign_note(TEXT, SIGNER), [])


def test_one_bad_line_of_a_known_key_spoils_the_note() -> None:
    good = auditlog.sign_note(TEXT, SIGNER, STRANGER)
    forged = auditlog.sign_note(TEXT, SIGNER) + signature_line(STRANGER.key, bytes(64))
    assert auditlog.open_note(good, [SIGNER.key, STRANGER.key])[1] == (SIGNER.key, STRANGER.key)
    assert auditlog.open_note(forged, [SIGNER.key])[1] == (SIGNER.key,)
    with pytest.raises(auditlog.SignatureWrong):
        auditlog.open_note(forged, [SIGNER.key, STRANGER.key])


def test_every_changed_sign_of_a_checkpoint_is_noticed() -> None:
    note = auditlog.checkpoint(ORIGIN, 3, ROOT, SIGNER)
    for at in range(len(note)):
        changed = note[:at] + chr(ord(note[at]) ^ 1) + note[at + 1 :]
        with pytest.raises((auditlog.NoteMalformed, auditlog.SignatureWrong, auditlog.SignedByNoKnownKey)):
            auditlog.open_checkpoint(changed, [SIGNER.key])


def test_the_text_ends_at_the_last_blank_line() -> None:
    text = "first\n\nsecond\n"
    assert auditlog.open_note(auditlog.sign_note(text, SIGNER), [SIGNER.key])[0] == text


LINE = auditlog.sign_note(TEXT, SIGNER).partition("\n\n")[2]


@pytest.mark.parametrize(
    "note",
    [
        "", TEXT, TEXT + "\n", TEXT + LINE, TEXT + "\n" + LINE[:-1], "\x01" + TEXT + "\n" + LINE,
        "\ud800" + TEXT + "\n" + LINE, TEXT + "\n" + LINE + "more\n", TEXT + "\n" + LINE.replace("— ", "- "),
        TEXT + "\n" + LINE.replace(ORIGIN, "two words"), TEXT + "\n" + LINE.replace(ORIGIN, "a+b"),
        TEXT + "\n" + LINE.replace("=\n", "\n"), TEXT + "\n" + "— name AAAA\n", TEXT + "\n" + LINE * 101,
        "a" * 1_000_001 + "\n\n" + LINE,
    ],
    ids=lambda note: ascii(note[:24]),
)  # fmt: skip
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(auditlog.NoteMalformed):
        auditlog.open_note(note, [SIGNER.key])


def test_up_to_a_hundred_lines_are_read() -> None:
    assert auditlog.open_note(TEXT + "\n" + LINE * 100, [SIGNER.key])[1] == (SIGNER.key,)


@pytest.mark.parametrize("text", ["", "no newline", "bell\x07\n", "\ud800\n"])
def test_what_cannot_be_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(auditlog.NoteMalformed):
        auditlog.sign_note(text, SIGNER)


B64 = base64.b64encode(ROOT).decode()


@pytest.mark.parametrize(
    "text",
    [
        "origin\n3\n", f"origin\n03\n{B64}\n", f"origin\n-1\n{B64}\n", f"origin\n+3\n{B64}\n", f"origin\n3 \n{B64}\n",
        f"origin\n３\n{B64}\n", f"origin\n{'9' * 19}\n{B64}\n", f"origin\n3\n{B64[:-4]}\n", f"origin\n3\n{B64[:-1]}\n",
        f"origin\n3\n{B64[:-2]}9=\n", f"\n3\n{B64}\n", f"origin\n3\n{B64}\n\nmore\n",
    ],
)  # fmt: skip
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(auditlog.NoteMalformed):
        auditlog.open_checkpoint(auditlog.sign_note(text, SIGNER), [SIGNER.key])


def test_extension_lines_are_kept() -> None:
    note = auditlog.sign_note(f"origin\n0\n{B64}\nfirst\nsecond\u2028half\n", SIGNER)
    assert auditlog.open_checkpoint(note, [SIGNER.key]).extensions == ("first", "second\u2028half")


@pytest.mark.parametrize(("origin", "size", "root"), [("", 1, ROOT), ("a\nb", 1, ROOT), ("a", -1, ROOT), ("a", 1, b"")])
def test_no_checkpoint_is_made_that_could_not_be_read(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(auditlog.NoteMalformed):
        auditlog.checkpoint(origin, size, root, SIGNER)

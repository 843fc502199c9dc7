"""How somebody proves to be himself: Argon2id, TOTP (RFC 6238), one-time codes. Nothing stored here signs anybody in."""

import base64
import hmac
import os
import secrets
import time
from dataclasses import dataclass
from typing import Any

import pyotp
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.utils.translation import gettext_noop

from mifeng.base import vault
from mifeng.rooms.people.models import Authenticator, Credential

STEP_SECONDS = 30
REMEMBERED = 5
# No look-alikes (0/O, 1/I/L): codes are read out and typed.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 64 MiB, 3 passes. Tests that sign in hundreds of times set MIFENG_FAST_DISK, which lightens it."""

    memory_cost = 1024 if os.environ.get("MIFENG_FAST_DISK") == "1" else 65536
    time_cost = 1 if os.environ.get("MIFENG_FAST_DISK") == "1" else 3
    parallelism = 4


def matches(credential: Credential | None, password: str) -> bool:
    """Whether the password is right; takes the same work for an account that does not exist."""
    if credential is None:
        make_password(password)
        return False
    return check_password(password, credential.secret_hash)


@dataclass(frozen=True)
class Proof:
    """A password that was compared with a stored hash, before the transaction that needs to know: it takes long."""

    secret_hash: str
    good: bool

    def holds(self, credential: Credential | None) -> bool:
        """Whether it was right, and right for what is stored now."""
        return self.good and credential is not None and credential.secret_hash == self.secret_hash


def proof(credential: Credential | None, password: str) -> Proof:
    """Compare once; the same work for an account that does not exist."""
    return Proof(credential.secret_hash if credential else "", matches(credential, password))


@dataclass(frozen=True)
class Fresh:
    """A new password, hashed and compared with the earlier ones before the transaction that stores it."""

    proof: Proof
    stood: str
    earlier: int | None
    hashed: str

    def fits(self, credential: Credential | None) -> bool:
        """Whether what it was compared with is what is stored now."""
        return self.stood == _stored(credential)


def fresh(credential: Credential | None, old: str, new: str) -> Fresh:
    """All the slow work of a new password; `old` is compared, too."""
    return Fresh(proof(credential, old), _stored(credential), earlier_use(credential, new), make_password(new))


def _stored(credential: Credential | None) -> str:
    return f"{credential.secret_hash}\n{credential.earlier}" if credential else ""


def earlier_use(credential: Credential | None, password: str) -> int | None:
    """Which of the last passwords the new one equals, the present one counted as 1; None when it is new."""
    if credential is None:
        return None
    hashes = [credential.secret_hash, *credential.earlier.splitlines()][:REMEMBERED]
    return next((n for n, old in enumerate(hashes, 1) if check_password(password, old)), None)


def weakness(password: str, person: Any) -> str:
    """What is wrong with a password as a sentence; "" when it will do."""
    if len(password) < 10:
        return gettext_noop("口令至少10位")
    if password.lower() in COMMON or person.login.lower() in password.lower():
        return gettext_noop("口令太常见或含有登录名")
    kinds = sum([any(c.islower() for c in password), any(c.isupper() for c in password),
                 any(c.isdigit() for c in password), any(not c.isalnum() for c in password)])  # fmt: skip
    return "" if kinds >= 3 or len(password) >= 16 else gettext_noop("口令须含大写、小写、数字、符号中的三种,或不少于16位")


COMMON = {"password123", "qwerty12345", "1234567890", "woaini1314", "admin12345", "mifeng12345"}


def new_secret() -> str:
    """A TOTP secret of 160 bits, base32."""
    return pyotp.random_base32()


def totp_uri(secret: str, login: str, issuer: str) -> str:
    """The otpauth address for the QR code of an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def totp_step(authenticator: Authenticator, code: str, at: float | None = None) -> int | None:
    """The time step whose code this is (the present one or its neighbours), None when wrong or used before."""
    at = time.time() if at is None else at
    totp = pyotp.TOTP(authenticator.secret)
    for drift in (0, -1, 1):
        step = int(at) // STEP_SECONDS + drift
        if step > authenticator.last_step and secrets.compare_digest(totp.at(step * STEP_SECONDS), code.strip()):
            return step
    return None


def one_time_code() -> str:
    """Eight signs that can be read out, about 39 bits; good once, for a day, behind the lock-out."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(8))


def code_hash(code: str, holder: Any, half: int) -> str:
    """What is stored of half 1 or 2 of a one-time code: under a key of the vault, since four signs are soon tried through.

    Bound to whom it is for and to which half it is: whoever reads the table and is handed halves for some would else know
    the others' halves again by their stored values.
    """
    text = f"{holder.uid}|{half}|{code.strip().upper()}"
    return hmac.digest(vault.derived("one-time codes"), text.encode(), "sha256").hex()


def passphrase() -> str:
    """A passphrase of 160 random bits for the vault, as 32 base32 signs in groups of four."""
    text = base64.b32encode(os.urandom(20)).decode()
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))

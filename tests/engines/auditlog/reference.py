"""The one-minute reference: RFC 6962 and RFC 8032 written down as they read, for comparison only."""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def h(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tree(entries: list[bytes]) -> bytes:
    """MTH(D[n]), section 2.1."""
    if not entries:
        return h(b"")
    if len(entries) == 1:
        return h(b"\0" + entries[0])
    k = power_below(len(entries))
    return h(b"\1" + tree(entries[:k]) + tree(entries[k:]))


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]), section 2.1.1."""
    if len(entries) == 1:
        return []
    k = power_below(len(entries))
    if m < k:
        return [*path(m, entries[:k]), tree(entries[k:])]
    return [*path(m - k, entries[k:]), tree(entries[:k])]


def proof(m: int, entries: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]), section 2.1.2."""
    return subproof(m, entries, True)


def subproof(m: int, entries: list[bytes], known: bool) -> list[bytes]:
    if m == len(entries):
        return [] if known else [tree(entries)]
    k = power_below(len(entries))
    if m <= k:
        return [*subproof(m, entries[:k], known), tree(entries[k:])]
    return [*subproof(m - k, entries[k:], False), tree(entries[:k])]


def add(one: Point, two: Point) -> Point:
    """Addition on the twisted Edwards curve in affine coordinates."""
    (x1, y1), (x2, y2) = one, two
    t = D * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + y1 * x2) * pow(1 + t, -1, P) % P,
        (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P,
    )


def times(number: int, point: Point) -> Point:
    total = (0, 1)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def encoded(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def base() -> Point:
    y = 4 * pow(5, -1, P) % P
    x = pow((y * y - 1) * pow(D * y * y + 1, -1, P), (P + 3) // 8, P)
    if (x * x - (y * y - 1) * pow(D * y * y + 1, -1, P)) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return (P - x if x & 1 else x, y)


def secret(seed: bytes) -> int:
    """The scalar of a seed, section 5.1.5 of RFC 8032."""
    a = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return a & ((1 << 254) - 8) | 1 << 254


def challenge(point: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % L

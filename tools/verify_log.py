#!/usr/bin/env python3
"""核验审计记录导出 · Verifies an exported audit log. One file, standard library only, Python 3.8 or later.

    python3 verify_log.py --key PUBLIC_KEY [--kept FILE] [--origin NAME] EXPORT.zip

EXPORT is the zip or its unpacked folder. The key comes from you, never from the export. FILE holds checkpoints you
kept. Every entry is hashed again, the root of every checkpoint rebuilt; signatures, canonical form, order of times and
gaps are checked. One line a finding. Exit 0 相符 good, 1 有改动 tampered, 2 无法核验 unusable. Not provable: that
nothing was cut after the last checkpoint (其后被截去), that the host was not bypassed before (主机被绕过).
"""

import argparse
import base64
import collections
import functools
import hashlib
import itertools
import json
import multiprocessing
import os
import re
import struct
import sys
import unicodedata
import zipfile
import zlib

# ---- Ed25519 (RFC 8032), verification only. Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z. ----
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
NEUTRAL = (0, 1, 1, 0)


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * D * one[3] * two[3] % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def decode_point(data):
    """The point, or None: wrong length, not canonical, not on the curve."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * pow(2, (P - 1) // 4, P) % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def small_order(point):
    for _ in range(3):
        point = add(point, point)
    return point[0] == 0 and point[1] == point[2]


@functools.lru_cache(maxsize=64)
def windows(point):
    """Multiples 0..15 of 16^i times the point: a product is then 64 additions."""
    table = []
    for _ in range(64):
        table.append(list(itertools.accumulate([NEUTRAL] + [point] * 15, add)))
        point = add(table[-1][15], point)
    return table


def product(point, number):
    return functools.reduce(add, (row[number >> 4 * place & 15] for place, row in enumerate(windows(point))))


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(public, message, signature):
    """Whether the signature verifies; refuses what is not canonical and points of small order."""
    key, number = decode_point(public), int.from_bytes(signature[32:], "little")
    if key is None or small_order(key) or len(signature) != 64 or number >= L:
        return False
    hashed = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - key[0], key[1], 1, P - key[3])
    point = add(product(BASE, number), product(minus, hashed))
    scale = pow(point[2], P - 2, P)
    x, y = point[0] * scale % P, point[1] * scale % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32] and not small_order(point)


# ---- Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) ----
NOTE = re.compile("((?:[^\n]+\n)+)\n((?:— [^\n]+\n)+)(?:\n+|\\Z)")
HEAD = re.compile("([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*")
Anchor = collections.namedtuple("Anchor", "size origin root where")


def plain(encoded):
    """Strict base64, or b''."""
    try:
        data = base64.b64decode(encoded.encode("ascii"), validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == encoded else b""


def key_of(text):
    """name+id+base64 -> ((name, id), (type, public key)), or None if it cannot be used."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    typed = plain(encoded)
    real = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    point = decode_point(typed[1:])
    fits = name and real.hex() == key_id and typed[:1] in (b"\1", b"\4") and point and not small_order(point)
    return ((name, real), (typed[0], typed[1:])) if fits else None


def signed_by(kind, public, body, signature):
    """The signature of a cosigner (type 4) begins with 8 bytes of time."""
    if kind == 4:
        body = b"cosignature/v1\ntime %d\n" % int.from_bytes(signature[:8], "big") + body
    return ed25519(public, body, signature[8:] if kind == 4 else signature)


def anchor(body, lines, keys, where, complain):
    """A checkpoint signed by at least one of the keys, or None after the complaint."""
    head, known = HEAD.fullmatch(body), 0
    if not head or not plain(head.group(3)):
        return complain("%s 中有不成检查点的内容", "something in %s is not a checkpoint", where)
    for line in lines[:-1].split("\n"):
        name, _, encoded = line[2:].partition(" ")
        signature = plain(encoded)
        key = keys.get((name, signature[:4]))
        if key and not signed_by(*key, body.encode(), signature[4:]):
            return complain("检查点 %s 的签名不符(%s)", "checkpoint %s: bad signature (%s)", head.group(2), where)
        known += bool(key)
    if not known:
        english = "checkpoint %s is not signed by a key you gave (%s)"
        return complain("检查点 %s 没有所给公钥的签名(%s)", english, head.group(2), where)
    return Anchor(int(head.group(2)), head.group(1), plain(head.group(3)), where)


def anchors(text, keys, where, complain):
    """All good checkpoints of a text; each other one goes to `complain`."""
    found, at = [], 0
    while at < len(text):
        match = NOTE.match(text, at)
        if not match:
            complain("%s 中有不成检查点的内容", "something in %s is not a checkpoint", where)
            break
        found.append(anchor(match.group(1), match.group(2), keys, where, complain))
        at = match.end()
    return [one for one in found if one]


# ---- Entries: bundles of 256, canonical JSON ----
ENTRY = re.compile(r"tile/entries/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


def integer(text):
    if len(text) > 17 or not -(2**53) < int(text) < 2**53:
        raise ValueError(text)
    return int(text)


DECODER = json.JSONDecoder(parse_float=integer, parse_constant=integer, parse_int=integer)
ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))
ESCAPE = re.compile(r"\\(?:u....|.)")


def dated(value):
    return type(value) is dict and all(type(value.get(k)) is int for k in "vt") and value["v"] == 1 and value["t"] >= 0


def judge(entries):
    """The objects that entries say, None for each that is not the canonical form of one with version and time."""
    try:
        texts = [entry.decode("utf-8") for entry in entries]
        parsed = [DECODER.raw_decode(text) for text in texts]
        values, whole = [value for value, _ in parsed], "[" + ",".join(texts) + "]"
        good = all(end == len(text) and dated(value) for (value, end), text in zip(parsed, texts))
        # All are encoded in one go: if the joined texts agree, each agrees, for each was parsed as exactly one value.
        good = good and ENCODER.encode(values) == whole and max(map(len, entries)) <= 60000
        # An escape ends in a letter, which must not be taken to carry the accent that follows it.
        good = good and (whole.isascii() or unicodedata.is_normalized("NFC", ESCAPE.sub("#", whole)))
        if good:
            return values
    except (ValueError, RecursionError):
        pass
    return [judge([entry])[0] for entry in entries] if len(entries) > 1 else [None]


def read_bundle(task):
    """(data, first index) -> leaves, findings, times."""
    data, index = task
    entries, at, findings, times = [], 0, [], []
    while at + 2 <= len(data):
        after = at + 2 + int.from_bytes(data[at : at + 2], "big")
        entries.append(data[at + 2 : after])
        at = after
    if at != len(data):
        findings.append(("第 %d 条起的一卷残缺", "the bundle from entry %d on is torn", index))
    for number, value in enumerate(judge(entries) if entries else [], index):
        if value is None:
            findings.append(("第 %d 条不是规范记录", "entry %d is not a canonical entry", number))
            continue
        if times and value["t"] < times[-1]:
            findings.append(("第 %d 条早于前一条", "entry %d is older than the one before", number))
        times.append(value["t"])
    return [hashlib.sha256(b"\0" + entry).digest() for entry in entries], findings, times[:1] + times[-1:]


DAMAGE = (OSError, KeyError, ValueError, RuntimeError, EOFError, zlib.error, struct.error, zipfile.BadZipFile)


class Source:
    """The zip or the folder."""

    def __init__(self, path):
        self.folder = path if os.path.isdir(path) else None
        self.zip = None if self.folder else zipfile.ZipFile(path)
        files = (os.path.join(top, name) for top, _, names in os.walk(path) for name in names)
        self.names = self.zip.namelist() if self.zip else [os.path.relpath(f, path).replace(os.sep, "/") for f in files]

    def read(self, name, most):
        """Bytes, or None: absent, damaged, or larger than anything of this kind can be."""
        try:
            with self.zip.open(name) if self.zip else open(os.path.join(self.folder, *name.split("/")), "rb") as file:
                data = file.read(most + 1)
        except DAMAGE:
            return None
        return data if len(data) <= most else None

    def bundles(self):
        """(number, width, name) in order; of two widths the larger."""
        found = {}
        for name in self.names:
            match = ENTRY.fullmatch(name)
            width = int(match.group(2) or 256) if match else 257
            if width <= 256:
                number = int(re.sub("[x/]", "", match.group(1)))
                found[number] = max(found.get(number, (0, "")), (width, name))
        return [(number, found[number][0], found[number][1]) for number in sorted(found)]


class Check:
    """One verification; findings are printed as they are found."""

    def __init__(self, out):
        self.out, self.bad, self.unusable = out, False, False
        self.frontier, self.size, self.time, self.agree, self.differ = [], 0, 0, [], []

    def line(self, mark, chinese, english, *facts):
        self.out.write("%s  %s / %s\n" % (mark, chinese % facts, english % facts))

    def tampered(self, *finding):
        self.bad = True
        self.line("不符 TAMPERED", *finding)

    def cannot(self, *finding):
        self.unusable = True
        self.line("不可用 UNUSABLE", *finding)

    def compare(self, wanted):
        top = self.frontier[-1] if self.frontier else hashlib.sha256(b"").digest()
        for subtree in reversed(self.frontier[:-1]):
            top = hashlib.sha256(b"\1" + subtree + top).digest()
        for one in wanted.get(self.size, ()):
            (self.agree if one.root == top else self.differ).append(one)

    def push(self, leaves, wanted):
        for top in leaves:
            size = self.size
            while size & 1:
                top = hashlib.sha256(b"\1" + self.frontier.pop() + top).digest()
                size >>= 1
            self.frontier.append(top)
            self.size += 1
            if self.size in wanted:
                self.compare(wanted)

    def missing(self, first, after):
        self.tampered("第 %d 至 %d 条缺失或损坏", "entries %d to %d are missing or damaged", first, after - 1)

    def tasks(self, source):
        """The bundles that can be read, each with the number of entries its name promises."""
        expected = 0
        for number, width, name in source.bundles():
            if number * 256 > expected:
                self.missing(expected, number * 256)
            data, expected = source.read(name, 256 * 60002), number * 256 + width
            if data is None:
                self.missing(number * 256, expected)
            else:
                yield (data, number * 256), width

    def entries(self, source, wanted, jobs):
        self.compare(wanted)
        for (_, first), width, (leaves, findings, times) in judged(self.tasks(source), jobs):
            for finding in findings:
                self.tampered(*finding)
            if len(leaves) != width:
                en = "the bundle from entry %d on should have %d entries, found %d"
                self.tampered("第 %d 条起的一卷应有 %d 条,实有 %d 条", en, first, width, len(leaves))
            if times and times[0] < self.time:
                self.tampered("第 %d 条起早于前一卷", "entries from %d on are older than those before", first)
            self.time = times[-1] if times else self.time
            if first == self.size:  # behind a gap the tree cannot be rebuilt, entries are still judged
                self.push(leaves, wanted)

    def conclude(self, found):
        """Checkpoints that the entries do not lead to: forks, changes, cuts."""
        several = collections.Counter(size for size, _ in {(one.size, one.root) for one in found})
        for size in sorted(size for size, roots in several.items() if roots > 1):
            self.tampered("分叉:%d 条处有两个不同的根", "fork: two different roots at size %d", size)
        if len({one.origin for one in found}) > 1:
            self.tampered("检查点出自不同的记录", "the checkpoints are of different logs")
        for where in sorted({one.where for one in self.differ}):
            first = min(one.size for one in self.differ if one.where == where)
            good = max([one.size for one in self.agree if one.size < first], default=0)
            en = "checkpoint %d has another root (%s): changed between entries %d and %d"
            self.tampered("检查点 %d 的根不符(%s):第 %d 至 %d 条之间有改动", en, first, where, good, first - 1)
        beyond = [one.size for one in found if one.size > self.size]
        if beyond:
            en = "%d checkpoints, the last at %d, lie beyond the %d entries found: cut or gap"
            self.tampered("%d 个检查点(至 %d 条)超出现有 %d 条:截短或缺漏", en, len(beyond), max(beyond), self.size)

    def result(self):
        if self.bad or self.unusable:
            return 1 if self.bad else 2
        last = max(self.agree, key=lambda one: one.size)
        zh = "%s:%d 条,检查点 %d 个,最后一个在 %d 条,其后未签名 %d 条"
        en = "%s: %d entries, %d checkpoints, the last at %d, unsigned after it %d"
        self.line("相符 GOOD", zh, en, last.origin, self.size, len(self.agree), last.size, self.size - last.size)
        return 0


def judged(tasks, jobs):
    """Judge bundles in order, 64 at a time: in this process, or in several when there is much to do."""
    pool = multiprocessing.Pool(jobs) if jobs > 1 else None
    batch = list(itertools.islice(tasks, 64))
    while batch:
        for (task, width), result in zip(batch, (pool.map if pool else map)(read_bundle, [task for task, _ in batch])):
            yield task, width, result
        batch = list(itertools.islice(tasks, 64))
    if pool:
        pool.terminate()


def verify(path, keys, kept, origin, out):
    """Returns the exit code; findings go to `out`."""
    check, pairs = Check(out), [key_of(text) for text in keys]
    try:
        source = Source(path)
    except DAMAGE:
        source = check.cannot("打不开 %s", "cannot open %s", path)
    if None in pairs:
        check.cannot("公钥不可用:%s", "key unusable: %s", keys[pairs.index(None)])
    if check.unusable:
        return check.result()
    known = dict(pairs)
    notes = (source.read("checkpoints.txt", 10**9) or b"").decode("utf-8", "replace")
    found = anchors(notes, known, "checkpoints.txt", check.tampered)
    for file in kept:
        try:
            with open(file, encoding="utf-8-sig") as opened:
                found += anchors(opened.read().strip() + "\n", known, file, check.cannot)
        except (OSError, ValueError):
            check.cannot("读不了 %s", "cannot read %s", file)
    if not found:
        check.cannot("没有可依据的检查点", "there is no checkpoint to go by")
    if origin and any(one.origin != origin for one in found):
        check.tampered("检查点不属于 %s", "the checkpoints are not of %s", origin)
    if len(set(source.names)) != len(source.names):
        check.tampered("压缩包内有重名文件", "the zip holds two files of one name")
    wanted = {size: list(these) for size, these in itertools.groupby(sorted(found), lambda one: one.size)}
    check.entries(source, wanted, min(4, os.cpu_count() or 1) if len(source.bundles()) > 256 else 1)
    check.conclude(found)
    return check.result()


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("export", help="导出的压缩包或解开的文件夹 / the zip or its unpacked folder")
    parser.add_argument("--key", action="append", required=True, help="公钥,可多次 / public key, repeatable")
    parser.add_argument("--kept", action="append", default=[], help="以前留存的检查点文件 / file of checkpoints kept")
    parser.add_argument("--origin", help="应是哪一份记录 / name of the log that is expected")
    given = parser.parse_args(argv)
    sys.stdout.reconfigure(errors="replace")
    return verify(given.export, given.key, given.kept, given.origin, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())

"""The export bundle: a zip that a stranger checks with ``tools/verify_log.py`` and nothing of ours.

    tile/entries/000, x001/067, 004.p/17    entries, 256 a bundle, each after its length (2 bytes, big-endian)
    checkpoints.txt                         the notes, a blank line between them
    keys.txt                                public keys as the exporter knows them; a verifier uses his own
    README.txt                              what this is and how to check it, in Chinese and English

Paths after C2SP tlog-tiles.
"""

import itertools
import zipfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from mifeng.engines.auditlog.entry import LONGEST
from mifeng.engines.auditlog.errors import EntryTooLong

WIDTH = 256

README = """\
审计记录导出

本压缩包含一份只增不改的审计记录。核验不需要本系统,只需 Python 3.8 以上和单个文件 verify_log.py:

    python3 verify_log.py --key 公钥 本压缩包.zip

公钥须另行取得(例如纸面登记簿),不要取自本压缩包:keys.txt 与记录同出一处,只供对照。
手中若有以前留存的检查点,加 --kept 文件,可查出记录被换成另一份或被截短。
核验内容:逐条重算散列,重建每个检查点的根并核对签名,核对规范格式、时间先后和缺漏。
结果:0 相符,1 有改动,2 无法核验。
不能证明:最后一个检查点之后的记录未被截去;记录之前主机未被绕过。

tile/entries/   记录,每卷 256 条,每条前有两字节长度(高位在前)
checkpoints.txt 签名检查点(C2SP signed note),之间空一行
keys.txt        导出方所知的公钥

AUDIT LOG EXPORT

This archive holds an append-only audit log. Checking it takes nothing of the system that made it, only Python 3.8 or
later and the single file verify_log.py:

    python3 verify_log.py --key PUBLIC_KEY this_archive.zip

Get the public key elsewhere (for instance from a register on paper), not from this archive: keys.txt comes from the
same hand as the log and is there for comparison only. If you kept a checkpoint from earlier, add --kept FILE: it shows
whether the log was exchanged for another one or cut.
What is checked: every entry is hashed again, the root of every checkpoint is rebuilt and its signature verified;
canonical form, order of times, gaps.
Result: 0 good, 1 tampered, 2 cannot be checked.
What it cannot prove: that nothing was cut after the last checkpoint; that the machine was not bypassed before.

tile/entries/   entries, 256 a bundle, each after its length (two bytes, big-endian)
checkpoints.txt signed checkpoints (C2SP signed note), a blank line between them
keys.txt        public keys as the exporter knows them
"""


def export_bundle(entries: Iterable[bytes], checkpoints: Iterable[str], keys: str, out: BinaryIO) -> int:
    """Write the zip to `out`; returns the number of entries.

    `entries` are the exact bytes in order, from entry 0; they are read once, 256 held at a time. `keys` is the text of
    keys.txt, one public key a line. Equal input gives equal bytes: no clock, no host. Raises `EntryTooLong`.
    """
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, batch in enumerate(_batches(entries)):
            archive.writestr(_file(entry_path(number, len(batch))), _bundle(batch))
            count += len(batch)
        archive.writestr(_file("checkpoints.txt"), "\n".join(checkpoints))
        archive.writestr(_file("keys.txt"), keys if keys.endswith("\n") or not keys else keys + "\n")
        archive.writestr(_file("README.txt"), README)
    return count


def entry_path(number: int, width: int = WIDTH) -> str:
    """The path of a bundle (C2SP tlog-tiles): ``tile/entries/x001/x234/067``, with ``.p/<width>`` while not full."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join(["tile/entries", *(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"


def _batches(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(entries)
    while batch := list(itertools.islice(rest, WIDTH)):
        yield batch


def _bundle(batch: list[bytes]) -> bytes:
    for entry in batch:
        if len(entry) > LONGEST:
            raise EntryTooLong(f"{len(entry)} bytes, at most {LONGEST}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in batch)


def _file(name: str) -> zipfile.ZipInfo:
    # A fixed date and mode: two exports of the same log can be compared byte by byte.
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info

"""Unsafe combinations are refused at start, each with what to do."""

import os
import stat
from pathlib import Path

from django.conf import settings

from mifeng.base import papers, vault
from mifeng.engines import paper
from mifeng.site.start import CannotStart

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def refuse_unsafe() -> None:
    """Raises CannotStart for DEBUG on a listening address, readable keys, one place for keys and papers' backups."""
    env = settings.ENV
    if env.debug and env.listen not in LOOPBACK:
        raise CannotStart("MIFENG_DEBUG 不得用于对外监听 / DEBUG on a listening address is refused")
    if env.listen not in LOOPBACK and not env.tls and not env.behind_proxy:
        raise CannotStart("没有 TLS 只能监听本机 / without TLS only the loopback address: set MIFENG_TLS or MIFENG_BEHIND_PROXY")
    if env.backups and env.backups == env.key_backups:
        raise CannotStart("密钥与资料不得备份到同一处 / keys and papers must not share a backup place")
    _private(vault.places().keystore)
    _private(vault.places().root_file)
    _readable(env.fonts)


def _private(path: os.PathLike[str]) -> None:
    if os.path.exists(path) and stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        raise CannotStart(f"{path} 他人可读，请 chmod go-rwx / readable by others")


def _readable(fonts: Path | None) -> None:
    """The company's own typefaces can be drawn: otherwise the first print would find out."""
    if fonts and not fonts.is_dir():
        raise CannotStart(f"MIFENG_FONTS {fonts} 不是文件夹 / is no folder")
    try:
        for path in papers.own_faces(fonts).values():
            paper.load(path)
    except paper.FaceBroken as fault:
        raise CannotStart(f"字体不可用,只收 TrueType / a typeface cannot be used, TrueType only: {fault}") from fault

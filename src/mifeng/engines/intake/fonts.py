"""Fonts a document asks for and this machine does not have: then the layout may differ."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from typing import Any

from . import texts, walk, zips
from .limits import Limits
from .reasons import Capability, Rejected, _

ATTRIBUTE = {
    "docx": re.compile(rb'\bw:(?:ascii|hAnsi|eastAsia|cs)="([^"]{1,120})"'),
    "xlsx": re.compile(rb'<(?:\w+:)?(?:name|rFont) val="([^"]{1,120})"'),
    "pptx": re.compile(rb'<a:(?:latin|ea)\b[^>]*?typeface="([^"+]{1,120})"'),
}
ATTRIBUTE |= {kind: re.compile(rb'svg:font-family="([^"]{1,120})"') for kind in ("odt", "ods", "odp")}
PARTS = {
    "docx": r"word/(document|header\d*|footer\d*)\.xml",
    "xlsx": r"xl/styles\.xml",
    "pptx": r"ppt/slides/slide\d+\.xml",
    "odt": r"content\.xml",
    "ods": r"content\.xml",
    "odp": r"content\.xml",
}
# A language, too, has an attribute w:eastAsia.
WORD_FONTS = re.compile(rb"<w:rFonts\b[^<>]*>")
STYLE = re.compile(rb'<w:style\b[^>]*w:styleId="([^"]*)".*?</w:style>', re.S)
STYLE_USED = re.compile(rb'<w:(?:p|r|tbl)Style w:val="([^"]*)"')
DEFAULTS = re.compile(rb"<w:docDefaults>.*?</w:docDefaults>", re.S)
MOST = 32 << 20


def prepare() -> None:
    """Load what checking a container needs."""
    import defusedxml.ElementTree  # noqa: F401 - start-up time of a verb

    texts.prepare()


def requested(data: bytes, kind: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job. Tells `families`: font names a document's own passages and used styles ask for, sorted."""
    bounds = Limits(**limits)
    members = zips.folder(data, bounds)
    if kind not in PARTS or isinstance(members, Rejected) or walk.container(data, bounds) is not None:
        return {"families": []}, b""
    by_name = {member.name: member for member in members}
    content = b"".join(
        zips.content(data, member, MOST) for name, member in by_name.items() if re.fullmatch(PARTS[kind], name)
    )
    if kind == "docx" and "word/styles.xml" in by_name:
        content += _styles_in_use(zips.content(data, by_name["word/styles.xml"], MOST), content)
    if kind == "docx":
        content = b"".join(WORD_FONTS.findall(content))
    found = {raw.decode("utf-8", "replace").strip("'").strip() for raw in ATTRIBUTE[kind].findall(content)}
    return {"families": sorted(name for name in found if name)}, b""


def _styles_in_use(styles: bytes, content: bytes) -> bytes:
    used = set(STYLE_USED.findall(content))
    kept = [found[0] for found in STYLE.finditer(styles) if found[1] in used or b'w:default="1"' in found[0][:200]]
    return b"".join(kept) + b"".join(DEFAULTS.findall(styles))


@functools.cache
def installed() -> frozenset[str] | None:
    """Families fontconfig knows, in lower case; None where there is no fontconfig to ask."""
    lister = shutil.which("fc-list")
    if lister is None:
        return None
    listed = subprocess.run([lister, ":", "family"], capture_output=True, timeout=30, check=False).stdout.decode(
        "utf-8", "replace"
    )
    return frozenset(name.replace("\\", "").strip().lower() for line in listed.splitlines() for name in line.split(","))


def missing(families: list[str]) -> tuple[str, ...]:
    """Those of `families` that this machine would replace; empty when it cannot be known."""
    have = installed()
    return () if have is None else tuple(name for name in families if name.lower() not in have)


def capability() -> Capability:
    """Whether converted documents can show Chinese at all."""
    why = _("没有中文字体:Office 文件转换后中文可能显示为空框。")
    command = "apt install fonts-noto-cjk"
    lister = shutil.which("fc-list")
    if lister is None:
        return Capability("fonts", False, why, command + " fontconfig")
    listed = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, timeout=30, check=False).stdout
    return Capability("fonts", True) if listed.strip() else Capability("fonts", False, why, command)


# Office documents name fonts of other makers. These open ones come nearest; fontconfig asks them before it guesses.
STAND_INS = (
    (("仿宋", "仿宋_GB2312", "FangSong", "FangSong_GB2312", "方正仿宋_GBK"), ("Noto Serif CJK SC", "AR PL UMing CN")),
    (
        ("宋体", "SimSun", "NSimSun", "方正书宋_GBK", "方正小标宋简体", "方正小标宋_GBK"),
        ("Noto Serif CJK SC", "AR PL UMing CN"),
    ),
    (("楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312"), ("AR PL UKai CN", "AR PL KaitiM GB", "Noto Serif CJK SC")),
    (("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线", "DengXian"), ("Noto Sans CJK SC", "WenQuanYi Zen Hei")),
)


def fontconfig(folder: str | None = None) -> bytes:
    """A fontconfig file for the sandbox: the system's own, a folder of the company's fonts, and the stand-ins above."""
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer>'
        + "".join(f"<family>{one}</family>" for one in stand_ins)
        + "</prefer></alias>"
        for names, stand_ins in STAND_INS
        for name in names
    )
    # Without a language fontconfig takes the Japanese shapes of the shared characters.
    plain = "".join(
        f"<alias><family>{generic}</family><prefer><family>{family}</family></prefer></alias>"
        for generic, family in (("serif", "Noto Serif CJK SC"), ("sans-serif", "Noto Sans CJK SC"))
    )
    own = f"<dir>{folder}</dir>" if folder else ""
    head = '<?xml version="1.0"?><fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
    return f"{head}{own}<cachedir>/work/home/fontcache</cachedir>{aliases}{plain}</fontconfig>".encode()

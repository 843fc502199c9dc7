"""THIRD_PARTY.md: whose work Mifeng carries and installs, under which licence.

    ./mifeng dev third-party            write the page
    ./mifeng dev third-party --check    compare it with what would be written

Sources: the lock files (what is installed), the metadata of the installed packages (their licence), vendor/MANIFEST and
the wheels in vendor/ (what is in the repository). A licence that is GPL, AGPL or unknown is an error, also as one of
several to choose from; LGPL is allowed, for such parts are loaded unchanged and can be exchanged.
"""

import re
import sys
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "THIRD_PARTY.md"
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)")
COPYLEFT = re.compile(r"\bA?GPL\b")  # LGPL has no word boundary before its G

# What the packages write, and how it is read. BSD alone: two or three clauses, which the package does not say.
READ_AS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD",
    "BSD License": "BSD",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD license (see license.txt for details), Copyright (c) 2000-2025, ReportLab Inc.": "BSD",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "LGPL-3.0-only": "LGPL-3.0",
    "MIT License": "MIT",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "lGPLv3": "LGPL-3.0",
}
KNOWN = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-3.0", "MIT", "MIT-0", "MIT-CMU",
    "MPL-2.0", "OFL-1.1", "PSF-2.0", "Unicode-3.0", "Zlib",
}  # fmt: skip

# Locked for other systems or for the benchmarks only, so absent where this runs; read in the packages themselves.
ELSEWHERE = {
    "casbin": "Apache-2.0",
    "colorlog": "MIT",
    "cedarpy": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "django-auditlog": "MIT",
    "django-fsm-2": "MIT",
    "django-stubs-ext": "MIT",
    "django-simple-history": "BSD-3-Clause",
    "flatbuffers": "Apache-2.0",
    "omegaconf": "BSD-3-Clause",
    "onnxruntime": "MIT",
    "protobuf": "BSD-3-Clause",
    "pyclipper": "MIT",
    "python-dateutil": "BSD-3-Clause",
    "pyyaml": "MIT",
    "rapidocr": "Apache-2.0",
    "regopy": "MIT",
    "requests": "Apache-2.0",
    "shapely": "BSD-3-Clause",
    "simpleeval": "MIT",
    "six": "MIT",
    "spiffworkflow": "LGPL-3.0",
    "tqdm": "MPL-2.0 AND MIT",
    "transitions": "MIT",
    "tzdata": "Apache-2.0",
}

KINDS = {
    "run": "requirements.lock",
    "tests and tools": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
    "ocr": "requirements-ocr.lock",
}

# Libraries that ride inside wheels. The metadata of a wheel speaks of its own source only.
INSIDE = """\
| in the wheel of | library | licence |
|---|---|---|
| numpy, opencv-python-headless | OpenBLAS | BSD-3-Clause |
| numpy, opencv-python-headless | libgfortran | GPL-3.0 with the GCC runtime exception: may be linked by anything |
| numpy, opencv-python-headless | libquadmath | LGPL-2.1 |
| opencv-python-headless | FFmpeg (libavcodec, libavformat, libavutil, libswscale, libswresample) | LGPL-2.1 |
| opencv-python-headless | OpenSSL 1.1.1 (for video over a network, which Mifeng never opens) | OpenSSL, SSLeay |
| opencv-python-headless | libaom, libavif, libvpx, libdrm, libpng | BSD-2-Clause, BSD-3-Clause, MIT, libpng-2.0 |
| pillow | FreeType, HarfBuzz, libjpeg, libpng, libtiff, libwebp | FTL, MIT, IJG, libpng-2.0, libtiff, BSD-3-Clause |
| pillow | OpenJPEG, Little CMS, zstd, liblzma, libXau, libxcb, brotli | BSD-2-Clause, MIT, BSD-3-Clause, 0BSD |
| pypdfium2 | PDFium | BSD-3-Clause, Apache-2.0 |
| lxml | libxml2, libxslt | MIT |
| cryptography | OpenSSL 4 | Apache-2.0 |
| psycopg-binary | libpq | PostgreSQL |
| psycopg-binary | OpenSSL 3, OpenLDAP (libldap, liblber), Cyrus SASL, MIT Kerberos, libcom_err | Apache-2.0, OpenLDAP, BSD, MIT |
| psycopg-binary | libkeyutils, libcrypt | LGPL-2.1 |
| rapidocr | models PP-OCRv6 (detection, recognition) and the direction model of PaddleOCR | Apache-2.0 |
| onnxruntime | ONNX, protobuf, abseil, Eigen and more, named in its ThirdPartyNotices | Apache-2.0, BSD, MIT, MPL-2.0, BSL-1.0 |
| shapely | GEOS | LGPL-2.1 |
| pyclipper | Clipper | BSL-1.0 |
"""


class UnusableLicence(Exception):
    """A part whose licence is GPL, AGPL or not known here."""


@dataclass(frozen=True)
class Part:
    """One line of the page. `kind` is what the line stands under."""

    kind: str
    name: str
    version: str
    licence: str


def judged(name: str, licence: str) -> str:
    """The licence when it may be used. Raises UnusableLicence."""
    if COPYLEFT.search(licence):
        raise UnusableLicence(f"{name}: {licence} may not be carried")
    if not set(re.split(r" (?:AND|OR) ", licence)) <= KNOWN:
        raise UnusableLicence(f"{name}: licence {licence!r} is not known; if it may be carried, KNOWN should say so")
    return licence


def licence_of(fields: Message) -> str:
    """What a package says of its licence: the expression, else the short field, else the classifiers."""
    short = (fields.get("License") or "").strip()
    classes = [line.rpartition(" :: ")[2] for line in fields.get_all("Classifier", []) if line.startswith("License ::")]
    said = fields.get("License-Expression") or (short if short and "\n" not in short else "") or " OR ".join(classes)
    return READ_AS.get(said, said)


def locked(lock: str) -> dict[str, str]:
    """Name -> version."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    return dict(match.groups() for line in lines if (match := PINNED.match(line)))


def installed_parts() -> list[Part]:
    """The packages of the locks, each under the narrowest purpose it is needed for."""
    parts: dict[str, Part] = {}
    for kind, lock in KINDS.items():
        for name, version in locked(lock).items():
            if name not in parts:
                licence = ELSEWHERE.get(name) or licence_of(metadata.metadata(name))
                parts[name] = Part(kind, name, version, judged(name, licence))
    return list(parts.values())


def carried_parts() -> list[Part]:
    """What lies in the repository: wheels, and vendor/MANIFEST (`sha256  path  package@version  licence`)."""
    lines = (ROOT / "vendor" / "MANIFEST").read_text("utf-8").splitlines()
    found = {tuple(line.split("  ")[2:4]) for line in lines if line.strip()}
    parts = [Part("carried", *package.rsplit("@", 1), judged(package, licence)) for package, licence in sorted(found)]
    for wheel in sorted((ROOT / "vendor").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            [name] = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
            fields = Parser().parsestr(archive.read(name).decode("utf-8"))
        parts.append(Part("carried", fields["Name"], fields["Version"], judged(wheel.name, licence_of(fields))))
    return parts


def table(parts: list[Part]) -> str:
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in sorted(parts, key=lambda part: part.name)]
    return "\n".join(["| what | version | licence |", "|---|---|---|", *rows]) + "\n"


def page() -> str:
    """The whole text of THIRD_PARTY.md. Raises UnusableLicence."""
    carried, installed = carried_parts(), installed_parts()
    of = {kind: [part for part in installed if part.kind == kind] for kind in KINDS}
    return (
        "# 第三方部件 Third-party parts\n\n"
        "由 `./mifeng dev third-party` 生成,请勿手改。 Made by `./mifeng dev third-party`; do not edit.\n\n"
        f"## 随代码提供 In this repository\n\n{table(carried)}\n"
        f"## 运行时安装 Installed to run (requirements.lock)\n\n{table(of['run'])}\n"
        f"## 测试与工具 Installed for tests and tools (requirements-dev.lock)\n\n{table(of['tests and tools'])}\n"
        f"## 测量对象 Installed for benchmarks only (requirements-bench.lock)\n\n{table(of['bench'])}\n"
        f"## 加装的文字识别 Added by `./mifeng add ocr` (requirements-ocr.lock)\n\n{table(of['ocr'])}\n"
        f"## 随安装包附带的库 Libraries inside wheels\n\n{INSIDE}\n"
        "The fonts in `src/mifeng/engines/watermark/fonts/` are subsets of Noto Sans SC and Noto Serif SC (OFL-1.1,\n"
        "the text lies beside them). LGPL and MPL parts are loaded unchanged and can be exchanged by whoever runs\n"
        "Mifeng.\n"
    )


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when the page differs (`--check`) or a licence may not be carried."""
    try:
        text = page()
    except UnusableLicence as reason:
        print(reason, file=sys.stderr)
        return 1
    if "--check" in arguments:
        same = PAGE.is_file() and PAGE.read_text("utf-8") == text
        print("THIRD_PARTY.md is up to date" if same else "THIRD_PARTY.md differs: ./mifeng dev third-party")
        return 0 if same else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

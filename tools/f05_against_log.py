"""f05_against_log.py F05.xlsx LOG.zip NAMES.tsv: the printed F05 against the exported log, line by line, without any code of
Mifeng. NAMES: uid of a person or key of an item, TAB, its name. Exit 0 equal, 1 different."""

import json
import re
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

NONE = dict.fromkeys(("编号", "申请人", "文件", "份数", "批准", "复制人", "废页", "登记"), "") | {"做出": 0, "作废": 0}


def printed(file: str) -> list:
    lines, sheet = [], ElementTree.fromstring(zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml"))  # noqa: S314
    rows = [["".join(cell.itertext()) for cell in row.findall("{*}c")] for row in sheet.findall(".//{*}row")]
    for told in (dict(zip(rows[0], row, strict=False)) for row in rows[1:-1]):  # heads above, by whom it was printed below
        copies, sheets = told["复制件编号"].split("、"), re.match(r"\d+", told["废页处理"])
        told |= {"做出": len(copies), "作废": sum("(作废)" in one for one in copies), "废页": sheets[0] if sheets else 0}
        lines.append(tuple(str(told[word]) for word in NONE))
    return lines


def logged(log: zipfile.ZipFile, names: dict) -> list:
    runs, going, who = [], {}, {"copies:ask_reproduction": {}, "approvals:approve": {}}
    for bundle in (log.read(name) for name in log.namelist() if name.startswith("tile/entries/")):
        while bundle:
            entry, bundle = json.loads(bundle[2 : (end := 2 + int.from_bytes(bundle[:2]))]), bundle[end:]
            act, n, day = entry["act"], entry.get("n", {}), datetime.fromtimestamp(entry["t"] / 1000, UTC) + timedelta(hours=8)
            if act in who and entry["out"] == "allowed":
                who[act][entry["grant"]] = entry["actor"]
            if act in ("copies:reproduce", "copies:jam", "copies:finish_reproduction") and entry["out"] == "allowed":
                if n["number"] not in going:
                    runs.append(going.setdefault(n["number"], NONE | {"编号": f"复密〔{day.year}〕{n['number']:04d}"}))
                run = going[n["number"]]
                made, told = n.get("copies", 0) * (act == "copies:reproduce"), {"文件": entry["obj"], "复制人": entry["actor"]}
                run |= {word: name if run[word] in ("", name := names.get(told[word], "?")) else "各说不一" for word in told}
                run |= {"份数": n.get("granted", run["份数"]), "做出": run["做出"] + made, "作废": run["作废"] + (act == "copies:jam")}
                if act == "copies:finish_reproduction":
                    asked, approved = (names.get(told.get(entry["grant"])) for told in who.values())
                    going.pop(n["number"]).update(申请人=asked, 批准=approved, 废页=n["waste"], 登记=day.date().isoformat())
    return [tuple(str(run[word]) for word in NONE) for run in runs]


book, names = printed(sys.argv[1]), dict(line.split("\t") for line in Path(sys.argv[3]).read_text("utf-8").splitlines())
log = [line for line in logged(zipfile.ZipFile(sys.argv[2]), names) if line[0][:7] in {line[0][:7] for line in book}]
apart = [f"簿 {line}" for line in book if line not in log] + [f"志 {line}" for line in log if line not in book]
print(*apart, f"簿 {len(book)} 行, 志 {len(log)} 行, 不符 {len(apart)} 行", sep="\n")
sys.exit(book != log or not book)

"""`mifeng clauses [ID] [--json]`: the regulation: text, rule, tests, figures, approvers, and whether it is kept.

Kept is measured, not claimed: the last whole test run on these very sources showed every scenario of the clause.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from datetime import UTC, date, datetime, timedelta, timezone

from mifeng.clauses import Clause, UnknownClause, clause, edition, evidence, matrix, parameters_of, regulation, rules_of
from mifeng.clauses.evidence import Measured
from mifeng.rooms import ORDER

ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
COLUMNS = {
    "top_secret": "绝密", "highly_confidential": "机密", "confidential": "秘密", "internal": "内部", "any": "不分密级",
    "above_limit": "超过限额", "officer": "三员账号",
}  # fmt: skip
WAYS = {"rule": "规则", "register": "登记", "inspection": "检查"}
OUTCOMES = {"passed": "通过", "failed": "未通过", "skipped": "跳过"}


def main(argv: list[str]) -> int:
    """Exit 0 printed, 2 when no clause has the id."""
    asked = argparse.ArgumentParser(prog="mifeng clauses")
    asked.add_argument("id", nargs="?", help="M2.1")
    asked.add_argument("--json", action="store_true", help="one line a clause, for programs")
    given = asked.parse_args(argv)
    load_rules()
    try:
        chosen = [clause(given.id)] if given.id else list(regulation().values())
    except UnknownClause:
        print(f"没有这一条:{given.id} / no such clause", file=sys.stderr)
        return 2
    measured = evidence.measured()
    if given.json:
        json.dump([as_data(one, measured) for one in chosen], sys.stdout, ensure_ascii=False, indent=1)
        print()
    elif given.id:
        print("\n".join(page(chosen[0], measured, datetime.now(UTC).astimezone(ZONE).date())))
    else:
        print("\n".join(overview(chosen, measured)))
    return 0


def load_rules() -> None:
    """Load the rules of every room, which is what registers them; rules are pure and need no framework."""
    for room in ORDER:
        package = importlib.import_module(f"mifeng.rooms.{room}")
        if any(found.name == "rules" for found in pkgutil.iter_modules(package.__path__)):
            rules = importlib.import_module(f"mifeng.rooms.{room}.rules")
            for inner in pkgutil.iter_modules(getattr(rules, "__path__", ())):
                importlib.import_module(f"{rules.__name__}.{inner.name}")


def as_data(one: Clause, measured: Measured) -> dict[str, object]:
    """A clause for programs: id, room, rule (the first, null without one), tests, kept, kept_by, stale."""
    found, rules = measured.of(one.id), rules_of(one.id)
    return {
        "id": one.id, "room": one.room, "rule": rules[0].name if rules else None, "tests": list(found.tests),
        "kept": found.kept, "kept_by": list(one.kept_by), "stale": found.stale,
    }  # fmt: skip


def overview(chosen: list[Clause], measured: Measured) -> list[str]:
    """One line a clause, then the count."""
    lines = [f"{'✓' if measured.of(one.id).kept else '·'} {one.id:<6}{one.room:<13}{one.title_zh}" for one in chosen]
    kept = sum(1 for one in chosen if measured.of(one.id).kept)
    return [*lines, "", f"{len(chosen)}条,已证明做到{kept}条{_stale(measured)};制度版本 {edition()[:16]}"]


def page(one: Clause, measured: Measured, today: date) -> list[str]:
    """Everything about one clause, in the order of reading: text, what keeps it, scenarios, figures, approvers."""
    kept = measured.of(one.id)
    said = "已证明做到" if kept.kept else f"尚未证明,缺{len(kept.missing)}例"
    ways = zip(WAYS.values(), (one.enforce, one.record, one.check), strict=True)
    return [
        f"{one.id} {one.title_zh}", one.text, one.english, f"{one.source}",
        f"登记室 {one.room}  由{'、'.join(WAYS[way] for way in one.kept_by)}落实  {said}{_stale(measured)}",
        *(f"{word} {text}" for word, text in ways if text),
        *_section("函数", [rule.name for rule in rules_of(one.id)]),
        *_section("情形", _scenarios(one, measured)),
        *_section("数值", _figures(one, today)),
        *_section("审批权限", _rows(one)),
        *_section("注意", list(one.edge_cases)),
    ]  # fmt: skip


def _stale(measured: Measured) -> str:
    return "(本源码尚无完整测试记录)" if measured.stale else ""


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _scenarios(one: Clause, measured: Measured) -> list[str]:
    lines = []
    for number, sentence in one.numbered():
        shown = measured.scenarios.get(number)
        lines.append(f"{number} {sentence}  [{OUTCOMES.get(shown.outcome, shown.outcome) if shown else '没有测试'}]")
        lines += [f"    {test}" for test in (shown.tests if shown else ())]
    return lines


def _figures(one: Clause, today: date) -> list[str]:
    lines = []
    for figure in parameters_of(one.id):
        bound = "、".join(figure.one_of) or f"{figure.at_least} – {figure.at_most}"
        lines.append(f"{figure.name} = {figure.value_on(today)} {figure.unit}  {figure.zh}(界限 {bound})")
    return lines


def _rows(one: Clause) -> list[str]:
    acts = matrix.acts_of(one.id)
    return [f"{act.zh} {COLUMNS[name]}: {_steps(steps)}" for act in acts for name, steps in act.levels.items()]


def _steps(steps: matrix.Steps) -> str:
    return " → ".join("或".join(map(matrix.post_word, step)) for step in steps) or "任何人不得批准"

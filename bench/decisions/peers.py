"""The peers, each with the same rules in its own language: answers for all questions, in the form (allowed, rows in the way)."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mifeng.engines.access import decide

from .casbin_rules import ROWS
from .world import Question

HERE = Path(__file__).parent
# None: the peer cannot say which rows stand in the way, only whether.
Answer = tuple[bool, frozenset[str] | None]


class Ours:
    """The generated function."""

    name, package = "mifeng", "mifeng"

    def __init__(self, asked: Sequence[Question]) -> None:
        self._asked = [(q.act, q.subject, q.context, q.item, q.relations) for q in asked]

    def run(self) -> list[Any]:
        return [decide(*question) for question in self._asked]

    def answers(self) -> list[Answer]:
        """All reasons but the sentence that nothing permits the act, which is no rule of the peers."""
        return [
            (d.allow, frozenset(r.rule for r in d.reasons if not r.rule.startswith("default"))) for d in self.run()
        ]  # fmt: skip


class Cedar:
    """Entities and policies are parsed before; requests are plain dictionaries, as its documentation advises."""

    name, package = "cedarpy", "cedarpy"

    def __init__(self, asked: Sequence[Question]) -> None:
        import cedarpy  # a peer is loaded when it is measured

        self._cedar, text = cedarpy, (HERE / "policies.cedar").read_text(encoding="utf-8")
        self._ids = {f"policy{at}": name for at, name in enumerate(re.findall(r'^@id\("(.+?)"\)', text, re.M))}
        self._policies = cedarpy.PolicySet.from_str(text)
        entities = [entity for n, q in enumerate(asked) for entity in _entities(n, q)]
        self._entities = cedarpy.Entities.from_json_str(json.dumps(entities))
        self._requests = [_request(n, q) for n, q in enumerate(asked)]

    def run(self) -> list[Any]:
        return [self._cedar.is_authorized(request, self._policies, self._entities) for request in self._requests]

    def answers(self) -> list[Answer]:
        return [self._answer(result) for result in self.run()]

    def _answer(self, result: Any) -> Answer:
        if result.diagnostics.errors:
            raise SystemExit(f"cedar: {result.diagnostics.errors}")
        named = frozenset(self._ids[policy] for policy in result.diagnostics.reasons)
        return result.allowed, frozenset(name for name in named if name.startswith("deny"))


class CedarBatch(Cedar):
    """The same in one call."""

    name = "cedarpy, batch"

    def run(self) -> list[Any]:
        return self._cedar.is_authorized_batch(self._requests, self._policies, self._entities)


SIDES = {
    "Person": ("pid", "clearance", "role", "active", "pledge_until", "trained_until", "rules_read"),
    "Item": ("level", "live", "frozen", "sealed", "excl", "no_copy"),
}


def _entities(number: int, question: Question) -> list[dict[str, Any]]:
    facts = question.flat()
    return [
        {
            "uid": {"type": side, "id": str(number)}, "parents": [],
            "attrs": {name: facts[name] for name in names if facts[name] is not None},
        }
        for side, names in SIDES.items()
    ]  # fmt: skip


def _request(number: int, question: Question) -> dict[str, Any]:
    standing = {name for names in SIDES.values() for name in names} | {"act"}
    context = {name: value for name, value in question.flat().items() if name not in standing and value is not None}
    return {
        "principal": {"type": "Person", "id": str(number)}, "action": {"type": "Action", "id": question.act},
        "resource": {"type": "Item", "id": str(number)}, "context": context,
    }  # fmt: skip


class Casbin:
    """One enforcer an act with the rows of that act; conditions are Python functions, the quickest that it offers."""

    name, package = "casbin", "casbin"

    def __init__(self, asked: Sequence[Question]) -> None:
        import casbin  # a peer is loaded when it is measured

        self._enforcers = {act: _enforcer(casbin, act) for act in {q.act for q in asked}}
        self._asked = [(q.act, q.flat()) for q in asked]

    def run(self) -> list[Any]:
        return [self._enforcers[act].enforce(facts) for act, facts in self._asked]

    def answers(self) -> list[Answer]:
        return [(allowed, None) for allowed in self.run()]


MODEL = """
[request_definition]
r = q
[policy_definition]
p = row, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = holds(p.row, r.q)
"""


def _enforcer(casbin: Any, act: str) -> Any:
    model = casbin.Model()
    model.load_model_from_text(MODEL)
    made = casbin.Enforcer(model)
    for name, (acts, _) in ROWS.items():
        if act in acts:
            made.add_policy(name, "deny" if name.startswith("deny") else "allow")
    made.add_function("holds", lambda row, facts: ROWS[row][1](facts))
    return made


class Rego:
    """The bundle is built before; inputs are made before where the library can keep them."""

    name, package = "regopy", "regopy"

    def __init__(self, asked: Sequence[Question]) -> None:
        import regopy  # a peer is loaded when it is measured

        self._rego = regopy.Interpreter()
        self._rego.add_module("access", (HERE / "policies.rego").read_text(encoding="utf-8"))
        self._bundle = self._rego.build("x=[data.access.deny, data.access.permit]")
        self._asked = [regopy.Input(q.flat()) for q in asked]

    def run(self) -> list[Any]:
        return [self._ask(asked) for asked in self._asked]

    def _ask(self, asked: Any) -> Any:
        self._rego.set_input(asked)
        return self._rego.query_bundle(self._bundle)

    def answers(self) -> list[Answer]:
        return [self._answer(result) for result in self.run()]

    def _answer(self, result: Any) -> Answer:
        deny, permit = json.loads(str(result))["bindings"]["x"]
        return bool(permit) and not deny, frozenset(deny)


PEERS: dict[str, tuple[type, ...]] = {"cedarpy": (Cedar, CedarBatch), "casbin": (Casbin,), "regopy": (Rego,)}

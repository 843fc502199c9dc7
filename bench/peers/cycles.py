"""A request that is submitted, approved and carried out, in engines made for such things: cycles a second, in memory.

A process of its own: `cycles.py N` prints JSON. Each engine asks the same conditions as ours does, as plain attributes.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ASKED = {
    "submit": ("draft", "asked", ("is_applicant", "knows", "conditions_hold")),
    "approve": ("asked", "approved", ("not_applicant", "plays_no_other_part", "decides", "is_fixed", "conditions_hold")),
    "spend": ("approved", "executing", ("is_executor", "not_frozen", "in_time", "has_uses", "conditions_hold")),
}


@dataclass
class Facts:
    """What the conditions look at: all in order."""

    is_applicant: bool = True
    knows: bool = True
    conditions_hold: bool = True
    not_applicant: bool = True
    plays_no_other_part: bool = True
    decides: bool = True
    is_fixed: bool = True
    is_executor: bool = True
    not_frozen: bool = True
    in_time: bool = True
    has_uses: bool = True


def cycle_of(request: Any) -> Callable[[], str]:
    """The three events of a request whose engine has given it methods; put back to the start each time."""

    def cycle() -> str:
        request.state = "draft"
        request.submit()
        request.approve()
        request.spend()
        return request.state

    return cycle


def with_transitions() -> Callable[[], str]:
    """pytransitions: one machine, its model put back to the start each time."""
    from transitions import Machine  # a peer, installed for the benchmark only

    request: Any = Facts()
    machine = Machine(request, states=["draft", "asked", "approved", "executing"], initial="draft", auto_transitions=False)
    for event, (source, target, conditions) in ASKED.items():
        machine.add_transition(event, source, target, conditions=list(conditions))

    return cycle_of(request)


def with_fsm2() -> Callable[[], str]:
    """django-fsm-2: a model's instance that is never saved."""
    import django  # its settings are of this process only
    from django.conf import settings

    settings.configure(INSTALLED_APPS=[], DATABASES={}, USE_TZ=True)
    django.setup()
    from django.db import models
    from django_fsm import FSMField, transition

    def move(event: str) -> Any:
        source, target, conditions = ASKED[event]
        asked = [lambda request, name=name: getattr(request.facts, name) for name in conditions]

        def moved(self: Any) -> None:
            """Nothing else happens."""

        return transition(field="state", source=source, target=target, conditions=asked)(moved)

    class Request(models.Model):
        state = FSMField(default="draft")
        submit, approve, spend = move("submit"), move("approve"), move("spend")

        class Meta:
            app_label = "cycles"

    request: Any = Request()
    request.facts = Facts()

    return cycle_of(request)


def with_spiff() -> Callable[[], str]:
    """SpiffWorkflow: the process of three_steps.bpmn, three user tasks; conditions are left out, in its favour."""
    from SpiffWorkflow.bpmn.parser import BpmnParser  # a peer, installed for the benchmark only
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_file(str(Path(__file__).with_name("three_steps.bpmn")))
    spec = parser.get_spec("request")

    def cycle() -> str:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        for _ in range(3):
            workflow.get_next_task(state=TaskState.READY, manual=True).run()
            workflow.do_engine_steps()
        return "executing" if workflow.is_completed() else "stuck"

    return cycle


PEERS = {"transitions": with_transitions, "django-fsm-2": with_fsm2, "SpiffWorkflow": with_spiff}


def a_second(cycle: Callable[[], str], count: int) -> float:
    """Cycles a second of CPU time, best of three; the answer is looked at first. Raises AssertionError."""
    if cycle() != "executing":
        raise AssertionError("the cycle does not come to its end")
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for _ in range(count):
            cycle()
        best = max(best, count / (time.process_time() - start))
    return best


if __name__ == "__main__":
    number = int(sys.argv[1])
    told = {}
    for name, make in PEERS.items():
        told[name] = {"version": version(name), "a_second": a_second(make(), number // 10 if name == "SpiffWorkflow" else number)}
    print(json.dumps(told))

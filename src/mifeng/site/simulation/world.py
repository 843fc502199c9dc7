"""The company of a simulation, drawn from its seed: the demonstration's 51 people, and so many more in proportion."""

import random
import tomllib
from importlib.resources import files
from typing import Any

LEAST = 51  # the demonstration's own people, who hold every post of the table of approvals
A_DEPARTMENT = 40  # people
A_CLERK = 150  # people for each further clerk, member of HR and jurist
HOW_MANY = (4, 18, 48, 30)  # of a hundred, in the order of the words for clearances


def words() -> dict[str, Any]:
    """The words that names, titles and reasons are made of."""
    return tomllib.loads(files("mifeng.site.simulation").joinpath("words.toml").read_text("utf-8"))


def company(people: int, seed: int) -> dict[str, Any]:
    """The company as `mifeng init` takes it. ValueError for fewer than LEAST people."""
    if people < LEAST:
        raise ValueError(f"{LEAST} people at least hold every post, not {people}")
    told = tomllib.loads(files("mifeng.site.demo").joinpath("org.toml").read_text("utf-8"))
    drawn, said = random.Random(seed), words()
    more = people - len(told["person"])
    for number in range(more // A_DEPARTMENT):
        told["dept"].append(
            {
                "code": f"S{number:02d}", "name": said["department"].format(number + 1),
                "supervisor": said["supervisors"][number % len(said["supervisors"])],
            }
        )
    codes = [dept["code"] for dept in told["dept"][1:]]
    told["person"] += [_person(number, codes, drawn, said) for number in range(more)]
    return told


def _person(number: int, codes: list[str], drawn: random.Random, said: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": name(number, said), "login": f"s{number:04d}", "dept": drawn.choice(codes), "title": said["title"],
        "roles": ["employee"], "cleared": drawn.choices(said["cleared"], HOW_MANY)[0],
    }  # fmt: skip
    place, headed = divmod(number, A_DEPARTMENT)
    if not headed and f"S{place:02d}" in codes:
        cleared = said["cleared"][place % 2]
        return row | {"dept": f"S{place:02d}", "title": said["head"], "roles": ["dept_head"], "cleared": cleared}
    _top, high, usual, _none = said["cleared"]
    special = {1: ("ZJB", "clerk", high), 2: ("RL", "hr", usual), 3: ("FW", "legal", high)}.get(number % A_CLERK)
    if special:
        dept, post, cleared = special
        row |= {"dept": dept, "roles": [post], "title": said[post], "cleared": cleared}
    return row


def name(number: int, said: dict[str, Any]) -> str:
    """A name that no other number bears."""
    given, first = said["given"], number // len(said["surnames"])
    two = given[first % len(given)] + given[first // len(given) % len(given)]
    return said["surnames"][number % len(said["surnames"])] + two + str(first // len(given) ** 2 or "")

"""The one cast of tests, demonstration and pictures: fixture names for the people of style.md."""

from dataclasses import dataclass
from typing import Any

LOGINS = {
    "gm": "luyz", "deputy": "wenqh", "office_head": "fangrl", "clerk": "jianxh", "insider": "gexy", "outsider": "shaoy",
    "sysadmin": "lingzm", "secadmin": "songzw", "auditor": "yinym", "other_deputy": "censp", "it_head": "tanj",
    "leaver": "xiazq", "excluded": "chujy", "dept_head": "tianjz", "drafter": "niezx", "hr": "dingxl", "hr_staff": "youjn",
    "second_clerk": "qiar", "sales_head": "yujs", "sales_deputy": "luoyn", "cfo": "peijy", "secadmin_b": "shimy",
    "engineer": "qimh", "board_secretary": "shentl",
}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """`cast.gm` is 陆远舟 as he stands in the house of this test."""

    def __getattr__(self, name: str) -> Any:
        from mifeng.rooms.people.models import Person

        return Person.objects.select_related("department").get(login=LOGINS[name])

"""What is typed on the pages of the room."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.widgets import Choice, DayField, Files, PickField
from mifeng.rooms.copies import old_papers, queries
from mifeng.rooms.copies.facts import EVENT_WORDS, PLACE_WORDS, PlaceKind
from mifeng.rooms.copies.models import Movement, Place
from mifeng.rooms.copies.rules.destroying import METHODS
from mifeng.rooms.copies.rules.fates import YEAR_WORDS
from mifeng.rooms.copies.rules.old_ledger import HEADINGS, REQUIRED
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Department


def places() -> list[Choice]:
    """The places in use: code, name, how strong."""
    return _choices(Place.objects.filter(closed_on=None).order_by("code"))


def _choices(rows: Iterable[Place]) -> list[Choice]:
    return [Choice(row.code, row.code, row.name, _(PLACE_WORDS[PlaceKind(row.kind)])) for row in rows]


class StoreForm(forms.Form):
    """入柜."""

    place = PickField(label=lazy("存放位置"), choices=places, help_text=lazy("绝密存密码保险柜，机密存保险柜，秘密存铁皮保密柜"))

    def offer(self, document: Document) -> None:
        """Places strong enough for the item are offered; what else is typed the deed refuses, with its clause."""
        self.fields["place"].widget.pickable = lambda: _choices(queries.strong_enough(document))


class ReturnForm(forms.Form):
    """收回."""

    pages = forms.IntegerField(label=lazy("清点页数"), min_value=0, max_value=9999)


class OfferForm(forms.Form):
    """移交."""

    to = PickField(label=lazy("接收人"), choices=people.choices)
    reason = forms.CharField(label=lazy("事由"), max_length=200)


class VoidForm(forms.Form):
    """作废."""

    reason = forms.CharField(label=lazy("作废原因"), max_length=200)


class CorrectForm(forms.Form):
    """更正 of a page count: which line was wrong, how many pages there are, why."""

    line = forms.CharField(label=lazy("更正哪一条"), max_length=32, widget=forms.Select)
    pages = forms.IntegerField(label=lazy("实有页数"), min_value=0, max_value=9999)
    reason = forms.CharField(label=lazy("更正理由"), max_length=200)

    def offer(self, ledger: Iterable[Movement]) -> None:
        """The lines of the copy's ledger, the newest first."""
        self.fields["line"].widget.choices = [
            (row.uid, _("第 %(no)d 条 %(what)s，%(pages)d 页") % {"no": row.no, "what": _(EVENT_WORDS[row.word]), "pages": row.pages})
            for row in ledger
        ]


class PlaceForm(forms.Form):
    """登记存放位置."""

    code = forms.CharField(label=lazy("编号"), max_length=16, help_text=lazy("如 BX-01，与柜门上的一致"))
    kind = forms.ChoiceField(label=lazy("种类"), choices=lambda: [(kind.value, _(word)) for kind, word in PLACE_WORDS.items()])
    name = forms.CharField(label=lazy("名称"), max_length=60)
    room = forms.CharField(label=lazy("所在房间"), max_length=60, required=False)
    department = forms.ChoiceField(label=lazy("部门"), choices=lambda: [(d.code, d.name) for d in Department.objects.order_by("pk")])


class HolderForm(forms.Form):
    """登记密码知悉人."""

    who = PickField(label=lazy("知悉人"), choices=people.choices)


class OpeningForm(forms.Form):
    """登记开柜."""

    why = forms.CharField(label=lazy("事由"), max_length=200)


class LookForm(forms.Form):
    """What was found at a desk."""

    locked = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    where = forms.CharField(label=lazy("何处未上锁"), max_length=100, required=False)
    rectify_by = DayField(label=lazy("整改期限"), required=False)


class SignOffForm(forms.Form):
    """清退单."""

    who = PickField(label=lazy("清退人"), choices=people.choices)
    occasion = forms.ChoiceField(label=lazy("缘由"), choices=[("transfer", lazy("调岗")), ("leave", lazy("离职"))])


class MissForm(forms.Form):
    """报下落不明."""

    reason = forms.CharField(label=lazy("何时何处发现"), max_length=200)


class FindForm(forms.Form):
    """找回."""

    pages = forms.IntegerField(label=lazy("清点页数"), min_value=0, max_value=9999)
    reason = forms.CharField(label=lazy("找回经过"), max_length=200)
    sealed = forms.BooleanField(label=lazy("已重新封装"))


class AsideForm(forms.Form):
    """列入待销, 移出待销."""

    reason = forms.CharField(label=lazy("事由"), max_length=200)


class ArchiveForm(forms.Form):
    """归档."""

    years = forms.ChoiceField(label=lazy("保管期限"), choices=lambda: [(years, _(word)) for years, word in YEAR_WORDS.items()])


class SurrenderForm(forms.Form):
    """清退原单位."""

    issuer = forms.CharField(label=lazy("原单位"), max_length=100)
    receipt = forms.CharField(label=lazy("回执"), max_length=100)


class ReMarkForm(forms.Form):
    """改标志: nothing is typed."""


class DestroyForm(forms.Form):
    """销毁列册."""

    reason = forms.CharField(label=lazy("销毁理由"), max_length=200)
    method = forms.ChoiceField(label=lazy("方式"), choices=lambda: [(key, _(word)) for key, word in METHODS.items()])
    place = forms.CharField(label=lazy("地点或承销单位"), max_length=100)
    electronic = forms.BooleanField(label=lazy("连同电子原件，销毁其密钥"), required=False)


class BagsForm(forms.Form):
    """封存."""

    bags = forms.CharField(label=lazy("封袋号"), max_length=200)
    carrier1 = PickField(label=lazy("押运人一"), choices=people.choices)
    carrier2 = PickField(label=lazy("押运人二"), choices=people.choices)


class WatchersForm(forms.Form):
    """监销执行."""

    watcher1 = PickField(label=lazy("监销人一"), choices=people.choices)
    watcher2 = PickField(label=lazy("监销人二"), choices=people.choices)


class CountForm(forms.Form):
    """发起盘点或季度清理."""

    custodian = PickField(label=lazy("保管人"), choices=people.choices)
    place = PickField(label=lazy("只盘此处"), choices=places, required=False)
    second = PickField(label=lazy("第二人"), choices=people.choices, help_text=lazy("在场签字，不得是保管人或发起人"))
    quarter = forms.BooleanField(label=lazy("作为季度清理"), required=False)


FORMS: dict[str, Any] = {
    "store": StoreForm, "return_item": ReturnForm, "offer": OfferForm, "void": VoidForm, "correct": CorrectForm,
    "miss": MissForm, "find": FindForm,
    "set_aside": AsideForm, "release": AsideForm, "archive": ArchiveForm, "re_mark": ReMarkForm, "surrender": SurrenderForm,
}  # fmt: skip


COLUMN_WORDS = {
    "number": lazy("文号"), "title": lazy("标题"), "level": lazy("密级"), "term": lazy("保密期限"), "issued_on": lazy("成文日期"),
    "department": lazy("责任部门"), "owner": lazy("责任人"), "copies": lazy("份号"), "pages": lazy("页数"), "custodian": lazy("保管人"),
    "place": lazy("存放位置"), "state": lazy("状态或备注"),
}  # fmt: skip


def departments() -> list[Choice]:
    """Every department by name and code."""
    return [Choice(d.code, d.name, d.code) for d in Department.objects.order_by("pk")]


class PlanForm(forms.Form):
    """How an old ledger is read: sheet, heading row, which column is what, and what stands where a cell is empty."""

    sheet = forms.ChoiceField(label=lazy("工作表"))
    heading = forms.IntegerField(label=lazy("表头在第几行"), min_value=1, max_value=5000)
    category = forms.ChoiceField(label=lazy("保密范围类别"), help_text=lazy("整张表同一类；另有不同的，补登后逐件变更"))
    department = PickField(label=lazy("责任部门（空格时）"), choices=departments)
    owner = PickField(label=lazy("责任人（空格时）"), choices=people.choices)
    keeper = PickField(label=lazy("保管人（空格时）"), choices=people.choices)

    def __init__(self, *args: Any, tables: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tables = tables
        self.fields["sheet"].choices = [(str(n), table.name or _("表 %(n)d") % {"n": n + 1}) for n, table in enumerate(tables)]
        self.fields["category"].choices = old_papers.categories()
        sheet, heading = self._at()
        rows = tables[sheet].rows
        heads = rows[heading] if heading < len(rows) else []
        named = [("", _("没有这一列")), *((str(n), head or _("第 %(n)d 列") % {"n": n + 1}) for n, head in enumerate(heads))]
        for name in HEADINGS:
            self.fields[f"col_{name}"] = forms.ChoiceField(label=COLUMN_WORDS[name], choices=named, required=name in REQUIRED)

    def _at(self) -> tuple[int, int]:
        """Sheet and heading row as first read: the columns offered are theirs, whatever else is typed."""
        return int(self.initial["sheet"]), int(self.initial["heading"]) - 1


class EvidenceForm(forms.Form):
    """影像: photographs of the destruction."""

    files = forms.FileField(label=lazy("销毁照片"), required=False, widget=Files("/documents/uploads/", accept="image/*"))

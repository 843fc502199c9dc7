"""What is typed on the pages of the room; checks form, never who may."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from mifeng.base import clock
from mifeng.base.widgets import DayField, Files, PickField, Reason
from mifeng.rooms.approvals.facts import pages_of
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.actions.receiving import DAYS, Cover, Paper
from mifeng.rooms.circulation.facts import (
    DRAFT_WORDS,
    ENVELOPE_WORDS,
    ORIGIN_WORDS,
    SENT_WORDS,
    URGENCY_WORDS,
    VIA_WORDS,
    WHERE_WORDS,
    Envelope,
    Origin,
    Urgency,
    Via,
)
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.queries import uploads_of
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

MARKS = (("30", lazy("绝密")), ("20", lazy("机密")), ("10", lazy("秘密")), ("0", lazy("未标密级")))
URGENCIES = tuple((one.value, lazy(word)) for one, word in URGENCY_WORDS.items())
ENVELOPES = tuple((one.value, lazy(word)) for one, word in ENVELOPE_WORDS.items())
VIAS = tuple((one.value, lazy(word)) for one, word in VIA_WORDS.items())
ORIGINS = tuple((one.value, lazy(word)) for one, word in ORIGIN_WORDS.items())
TERM = re.compile(
    r"(?P<years>\d{1,2}) ?(?:年|years?)|(?P<months>\d{1,2}) ?(?:个月|months?)|(?P<on>\d{4}-\d{2}-\d{2})|(?P<ever>长期|indefinite)"
    r"|(?P<event>.{1,38}前|until .{1,34})"
)


def term_of(typed: str) -> TermFacts:
    """A term as it stands in a mark: 5年, 3个月, 2028-01-31, 长期, 公布前, or in English. Raises ValueError."""
    found = TERM.fullmatch(typed.strip())
    if found is None:
        raise ValueError(typed)
    if found["years"] or found["months"]:
        kind = "years" if found["years"] else "months"
        return TermFacts(kind, int(found[kind]))
    if found["on"]:
        return TermFacts("date", on=date.fromisoformat(found["on"]))
    return TermFacts("indefinite") if found["ever"] else TermFacts("event", event=found["event"])


class CoverForm(forms.Form):
    """封套: what is seen at the counter before anything is opened."""

    sender = forms.CharField(label=lazy("来文单位"), max_length=80)
    marked = forms.ChoiceField(label=lazy("封套所标密级"), choices=MARKS, initial="0")
    envelope = forms.ChoiceField(label=lazy("封装"), choices=ENVELOPES, initial="intact")
    addressee = PickField(label=lazy("收件人"), choices=people.choices)
    via = forms.ChoiceField(label=lazy("来件方式"), choices=VIAS)
    origin = forms.ChoiceField(label=lazy("来源性质"), choices=ORIGINS)
    personal = forms.BooleanField(label=lazy("亲启：不拆封，交收件人本人"), required=False)

    def cover(self, uid: str) -> Cover:
        """What was typed, as the deed takes it."""
        return _cover(self.cleaned_data, uid, int(self.cleaned_data["marked"]), self.cleaned_data["personal"])


def _cover(told: dict[str, Any], uid: str, marked: int, personal: bool = False) -> Cover:
    addressee = Person.objects.select_related("department").get(uid=told["addressee"])
    return Cover(
        told["sender"], addressee, Via(told["via"]), Origin(told["origin"]), marked, personal, Envelope(told["envelope"]), uid
    )


class PaperForm(forms.Form):
    """The paper itself: number, title, mark and copies as they stand on it."""

    title = forms.CharField(label=lazy("标题"), max_length=200, required=False, help_text=lazy("国家秘密和亲启件不填"))
    reference = forms.CharField(label=lazy("原发文字号"), max_length=60, required=False)
    level = forms.ChoiceField(label=lazy("密级（照录）"), choices=MARKS)
    term = forms.CharField(label=lazy("保密期限（照录）"), max_length=40, required=False,
                           help_text=lazy("如 5年、公布前、2028-01-31；未标的按该密级常用年限"))  # fmt: skip
    copy_numbers = forms.CharField(label=lazy("份号"), max_length=120, required=False,
                                   help_text=lazy("如 3 或 3,4 或 3-6；未印份号的由本单位编号"))  # fmt: skip
    pages = forms.IntegerField(label=lazy("每份页数"), min_value=0, max_value=9999)
    issued_on = DayField(label=lazy("成文日期"), required=False)
    deadline = DayField(label=lazy("办结期限"), required=False)
    return_on = DayField(label=lazy("清退期限"), required=False, help_text=lazy("来文单位要求退回的才填"))
    attachments = forms.IntegerField(label=lazy("附件数"), min_value=0, max_value=999, required=False)
    urgency = forms.ChoiceField(label=lazy("紧急程度"), choices=URGENCIES, required=False)
    remark = forms.CharField(label=lazy("备注"), max_length=400, required=False)
    files = forms.FileField(label=lazy("扫描件或照片"), required=False, widget=Files("/documents/uploads/"))

    def clean_issued_on(self) -> date | None:
        day: date | None = self.cleaned_data["issued_on"]
        if day and day > clock.today():
            raise forms.ValidationError(lazy("成文日期不能晚于今天"))
        return day

    def clean_term(self) -> TermFacts:
        typed = self.cleaned_data["term"]
        try:
            return term_of(typed) if typed.strip() else TermFacts()
        except ValueError:
            raise forms.ValidationError(lazy("看不懂这个期限，请写成 5年、3个月、公布前、2028-01-31 或长期")) from None

    def clean_copy_numbers(self) -> tuple[int, ...]:
        typed = self.cleaned_data["copy_numbers"]
        try:
            return tuple(sorted(pages_of(typed))) if typed.strip() else ()
        except ValueError:
            raise forms.ValidationError(lazy("请写成 3 或 3,4 或 3-6")) from None

    def paper(self, person: Person) -> Paper:
        """What was typed, as the deed takes it."""
        told = self.cleaned_data
        return Paper(
            told["title"], told["reference"], int(told["level"]), told["term"], told["copy_numbers"], told["pages"],
            told["issued_on"], told["deadline"], told["return_on"], told["attachments"] or 0,
            Urgency(told["urgency"] or Urgency.PLAIN), told["remark"],
            tuple(uploads_of(self.data.getlist("upload"), person)) if hasattr(self.data, "getlist") else (),
        )  # fmt: skip


class ReceiptForm(PaperForm):
    """收文: envelope and paper on one screen; what has a usual answer stands below 补充信息."""

    sender = forms.CharField(label=lazy("来文单位"), max_length=80)
    envelope = forms.ChoiceField(label=lazy("封装"), choices=ENVELOPES, initial="intact")
    via = forms.ChoiceField(label=lazy("来件方式"), choices=VIAS)
    origin = forms.ChoiceField(label=lazy("来源性质"), choices=ORIGINS)
    addressee = PickField(label=lazy("收件人"), choices=people.choices)

    FIRST = ("sender", "reference", "title", "level", "term", "copy_numbers", "pages", "envelope")
    EXTRA = ("addressee", "via", "origin", "urgency", "attachments", "issued_on", "deadline", "return_on", "remark")

    @property
    def first(self) -> list[Any]:
        """The eight fields of the screen."""
        return [self[name] for name in self.FIRST]

    @property
    def extra(self) -> list[Any]:
        """The fields below 补充信息."""
        return [self[name] for name in self.EXTRA]

    def cover(self, uid: str) -> Cover:
        """The envelope as it was typed: it bears what the paper bears."""
        return _cover(self.cleaned_data, uid, int(self.cleaned_data["level"]))


class ReasonForm(forms.Form):
    """One line of reason."""

    reason = forms.CharField(label=lazy("原因"), max_length=200)


class AmendForm(forms.Form):
    """更正: which entry, what it says now, why."""

    name = forms.ChoiceField(
        label=lazy("更正哪一项"),
        choices=(("sender", lazy("来文单位")), ("deadline", lazy("办结期限")), ("return_on", lazy("清退期限")), ("remark", lazy("备注"))),
    )
    value = forms.CharField(label=lazy("改为"), max_length=400, required=False, help_text=lazy("日期写成 2026-03-31"))
    reason = forms.CharField(label=lazy("更正理由"), max_length=200)

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("name") in DAYS and told.get("value"):
            try:
                DayField().clean(date.fromisoformat(told["value"].strip()))
            except ValueError:
                self.add_error("value", lazy("日期写成 2026-03-31"))
            except forms.ValidationError as far:
                self.add_error("value", far)
        return told


class ProposeForm(forms.Form):
    """拟办: how it should be handled, and to whom it is submitted."""

    words = forms.CharField(label=lazy("拟办意见"), max_length=400,
                            widget=Reason([lazy("请领导阅示"), lazy("拟请承办部门研提意见"), lazy("拟传阅后归档")]))  # fmt: skip
    leader = PickField(label=lazy("报送领导"), choices=people.choices)


class InstructForm(forms.Form):
    """批示: what is to be done, by whom, until when."""

    words = forms.CharField(label=lazy("批示"), max_length=400,
                            widget=Reason([lazy("同意拟办意见"), lazy("请按来文要求办理"), lazy("已阅，归档")]))  # fmt: skip
    undertaker = PickField(label=lazy("承办人"), choices=people.choices, required=False)
    due_on = DayField(label=lazy("办结期限"), required=False)


class ConcludeForm(forms.Form):
    """办结: what came of it."""

    words = forms.CharField(label=lazy("办理结果"), max_length=400, required=False)


class TakeBackForm(forms.Form):
    """撤回 of one's own last step; nothing is typed."""


READERS = 8


class CirculationForm(forms.Form):
    """传阅申请: the readers in their order, what for, on paper or on the screen."""

    purpose = forms.CharField(label=lazy("事由"), max_length=200)
    electronic = forms.BooleanField(
        label=lazy("电子传阅：在本系统逐页阅览，末页签已阅"), required=False, help_text=lazy("不选则传阅纸质件，逐人送阅、退回")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for no in range(1, READERS + 1):
            self.fields[f"reader_{no}"] = PickField(label=lazy("第 %(n)s 位阅件人") % {"n": no}, choices=people.choices, required=no == 1)

    @property
    def picked(self) -> list[Any]:
        """The fields of the readers."""
        return [self[f"reader_{no}"] for no in range(1, READERS + 1)]

    def readers(self) -> list[Person]:
        """The persons in the order in which they were entered."""
        typed = [self.cleaned_data[f"reader_{no}"] for no in range(1, READERS + 1)]
        found = {row.uid: row for row in Person.objects.filter(uid__in=[uid for uid in typed if uid])}
        return [found[uid] for uid in typed if uid in found]


class PagesForm(forms.Form):
    """退回 of a copy: its pages as counted."""

    pages = forms.IntegerField(label=lazy("清点页数"), min_value=0, max_value=9999)


class OpinionForm(forms.Form):
    """阅件意见 or 批示."""

    words = forms.CharField(label=lazy("意见"), max_length=400, required=False,
                            widget=Reason([lazy("已阅"), lazy("同意"), lazy("请承办部门研提意见")]))  # fmt: skip
    instruction = forms.BooleanField(label=lazy("这是批示"), required=False)


class LoanForm(forms.Form):
    """借阅申请: where it is read and what for."""

    where = forms.ChoiceField(label=lazy("阅读地点"), choices=tuple((key, lazy(word)) for key, word in WHERE_WORDS.items()))
    purpose = forms.CharField(label=lazy("用途"), max_length=200)


class BackForm(forms.Form):
    """归还: pages as counted, and whether it is whole."""

    pages = forms.IntegerField(label=lazy("清点页数"), min_value=0, max_value=9999)
    damaged = forms.BooleanField(label=lazy("有破损、涂改等情况"), required=False)
    note = forms.CharField(label=lazy("情况说明"), max_length=200, required=False)


class FileForm(forms.Form):
    """归档入柜: places strong enough for the paper are offered; what else is sent the deed refuses, with its clause."""

    place = forms.CharField(label=lazy("存放位置"), max_length=20, widget=forms.Select)

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = copies.strong_enough(document)
        place = self.fields["place"]
        place.widget.choices = [("", lazy("请选择")), *[(row.code, f"{row.code} {row.name}") for row in rows]]
        place.help_text = "" if rows else lazy("没有强度够本件密级的存放位置，请总经办设置")


class KeepForm(forms.Form):
    """留用: until when, and what for."""

    until = DayField(label=lazy("留用至（含当天）"))
    reason = forms.CharField(label=lazy("事由"), max_length=200)


class DispatchForm(forms.Form):
    """发文: how it goes, by whom, and line by line which copy for whom under which envelope and seal."""

    via = forms.ChoiceField(label=lazy("传递方式"), choices=tuple((one.value, lazy(word)) for one, word in SENT_WORDS.items()))
    carrier = PickField(label=lazy("传递人"), choices=people.choices, required=False, help_text=lazy("专人传递时填写，须有“传递”的委托"))
    second = PickField(label=lazy("同行传递人"), choices=people.choices, required=False, help_text=lazy("绝密件须两人"))
    return_on = DayField(label=lazy("清退期限"), required=False, help_text=lazy("收件人不是受委托的保管人时必填"))
    remark = forms.CharField(label=lazy("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, at_hand: Sequence[Copy] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at_hand = list(at_hand)
        for copy in self.at_hand:
            self.fields[f"to_{copy.uid}"] = PickField(label=lazy("发给"), choices=people.choices, required=False)
            self.fields[f"envelope_{copy.uid}"] = forms.CharField(label=lazy("封装号"), max_length=40, required=False)
            self.fields[f"seal_{copy.uid}"] = forms.CharField(label=lazy("封签号"), max_length=40, required=False)

    @property
    def head(self) -> list[Any]:
        """The fields of the whole dispatch."""
        return [self[name] for name in ("via", "carrier", "second", "return_on", "remark")]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row a copy: the copy, for whom, its envelope, its seal."""
        return [
            {"copy": copy, "to": self[f"to_{copy.uid}"], "envelope": self[f"envelope_{copy.uid}"], "seal": self[f"seal_{copy.uid}"]}
            for copy in self.at_hand
        ]

    def lines(self) -> list[ToSend]:
        """The copies that go out; one without a recipient stays where it lies."""
        told = self.cleaned_data
        wanted = {copy.uid: told.get(f"to_{copy.uid}") for copy in self.at_hand}
        found = {row.uid: row for row in Person.objects.filter(uid__in=[uid for uid in wanted.values() if uid])}
        return [
            ToSend(copy, found[wanted[copy.uid]], told[f"envelope_{copy.uid}"], told[f"seal_{copy.uid}"])
            for copy in self.at_hand if wanted[copy.uid] in found
        ]  # fmt: skip

    def carriers(self) -> list[Person]:
        """The carriers, the first one first."""
        uids = [uid for uid in (self.cleaned_data["carrier"], self.cleaned_data["second"]) if uid]
        found = {row.uid: row for row in Person.objects.filter(uid__in=uids)}
        return [found[uid] for uid in uids if uid in found]


class DraftsForm(forms.Form):
    """底稿处理: filed or destroyed, how many sheets, where or how, before whom."""

    how = forms.ChoiceField(label=lazy("底稿处理"), choices=tuple((one.value, lazy(word)) for one, word in DRAFT_WORDS.items()))
    sheets = forms.IntegerField(label=lazy("底稿张数"), min_value=0, max_value=9999)
    note = forms.CharField(label=lazy("存放何处或如何销毁"), max_length=200)
    witness = PickField(label=lazy("见证人"), choices=people.choices, required=False, help_text=lazy("销毁的必填"))


class SealForm(forms.Form):
    """签收回执: the seal as it was found on arrival."""

    seal = forms.CharField(label=lazy("到件时的封签号"), max_length=40, help_text=lazy("照封签上的号码填写"))


class RelayForm(forms.Form):
    """交接: who carries it on."""

    to = PickField(label=lazy("交给"), choices=people.choices)

"""Reading what was typed into registrations, proposals, changes and scopes; checks form, never who may."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mifeng.base import language
from mifeng.base.widgets import BigOptions, Choice, DayField, Files, PickField, Reason, ScopeEntry, ScopeField
from mifeng.clauses import catalogue, parameter
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.rules.classification import level_of_harm
from mifeng.rooms.people.models import Department, Person

CATEGORY_HINTS = {
    "S1": _("S1，未公布的决策与处置"), "S2": _("S2，尚未实施"), "S3": "S3", "S4": "S4", "S5": "S5", "S6": "S6",
    "S7": _("S7，须一览表有此条"), "S8": _("S8，一般事项不定密"),
}  # fmt: skip
HARMS = (
    ("exceptional", _("特别严重")), ("grave", _("严重")), ("harm", _("一般")), ("none", _("没有损害")),
)  # fmt: skip
HARM_HINTS = {
    "exceptional": _("直接影响公司权益，难以挽回"), "grave": _("失去先机、客户或两年以上投入"), "harm": _("造成损失，可以补救"),
    "none": _("不得定密"),
}  # fmt: skip
TERMS = (
    ("years", _("满年限")), ("months", _("满月数")), ("date", _("到某一天")), ("event", _("到某件事")), ("indefinite", _("长期")),
)  # fmt: skip
TERM_HINTS = {
    "years": _("从成文日起算"), "months": _("一年以内的按月"), "date": _("如投标截止日"), "event": _("如公布前"),
    "indefinite": _("须总经理批准，每年复核"),
}  # fmt: skip
KINDS = (
    ("paper", _("文件")), ("volume", _("卷：一卷作一件管理，如一份人事档案")),
    ("state_secret", _("国家秘密载体：只登记纸质件，不录任何内容")),
)  # fmt: skip


def level_choices() -> list[tuple[str, Any]]:
    """The levels of the scheme in force, what the answers come to first, 内部 last."""
    return [("", _("按三问的结果")), *language.level_choices(), ("5", _("内部（不定密）"))]


POST_GROUPS = (("gm+deputy_gm", _("公司领导")), ("dept_head", _("各部门负责人")))


def people_choices() -> list[Choice]:
    """Everybody in the company, by name, login and pinyin."""
    people = Person.objects.filter(active=True).select_related("department")
    return [Choice(p.uid, p.name, p.login, f"{p.department.name} {p.title}") for p in people]


def scope_choices() -> list[Choice]:
    """What a scope line may name: persons first, then posts, departments and all staff."""
    people = [Choice(f"person:{c.key}", c.word, c.code, c.hint) for c in people_choices()]
    not_at_top = _("岗位，%(level)s不可用") % {"level": language.level(30)}
    up_to = _("部门，%(level)s及以下") % {"level": language.level(10)}
    posts = [Choice(f"post:{codes}", str(name), hint=str(not_at_top)) for codes, name in POST_GROUPS]
    depts = [Choice(f"department:{d.code}", d.name, hint=str(up_to)) for d in Department.objects.order_by("pk")]
    return [*people, *posts, *depts, Choice("all:", str(_("全体员工")), hint=str(_("只用于内部文件")))]


def line_of(entry: ScopeEntry) -> ScopeLine:
    """A picked entry as a line of a proposed scope."""
    kind, _sep, key = entry.key.partition(":")
    return ScopeLine(kind, key, entry.purpose, entry.until)


def entry_of(line: ScopeLine) -> ScopeEntry:
    """A line of a stored scope as the picker shows it."""
    return ScopeEntry(f"{line.kind}:{line.key}", line.purpose, line.until)


class ProposalForm(forms.Form):
    """The three questions, level, interest, reason and scope."""

    category = forms.ChoiceField(label=_("属于哪类事项"), widget=BigOptions(hints=CATEGORY_HINTS))
    line = forms.ChoiceField(label=_("一览表条目"), required=False)
    harm = forms.ChoiceField(label=_("泄露会有什么损害"), choices=HARMS, widget=BigOptions(hints=HARM_HINTS))
    interest = forms.CharField(label=_("保护何种利益（不定密的可不填）"), max_length=400, required=False)
    term_kind = forms.ChoiceField(
        label=_("到什么时候不再是秘密"), choices=TERMS, required=False, widget=BigOptions(hints=TERM_HINTS)
    )
    term_value = forms.IntegerField(label=_("年限"), min_value=1, max_value=99, required=False)
    term_on = DayField(label=_("到哪一天（含当天）"), required=False)
    term_event = forms.CharField(label=_("到哪件事，如“公布前”"), max_length=40, required=False)
    scope = ScopeField(label=_("知悉范围"), choices=scope_choices, required=False)
    level = forms.ChoiceField(label=_("拟定密级"), choices=level_choices, required=False)
    reason = forms.CharField(
        label=_("定低的理由"), max_length=400, required=False,
        widget=Reason([_("只涉及已公开部分"), _("内容为阶段性，已降低影响"), _("节选，不含关键数据")]),
    )  # fmt: skip
    project = forms.CharField(label=_("项目或产品代号（技术资料必填）"), max_length=24, required=False)
    override = forms.CharField(label=_("S8 类仍须定密的理由"), max_length=400, required=False)
    standing = forms.BooleanField(label=_("按系列定密决定直接定密"), required=False)
    urgent = forms.BooleanField(label=_("特急"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(c.id, _(c.title)) for c in catalogue.categories()]
        lines = [(_(c.title), [(ln.id, _(ln.title)) for ln in catalogue.lines(c.id)]) for c in catalogue.categories()]
        self.fields["line"].choices = [("", _("按类别")), *[(title, rows) for title, rows in lines if rows]]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if told.get("nda_until") and told.get("term_kind") in (None, "", "years", "months"):
            # The end of a contract's secrecy clause is its term (K2.3), in place of the usual years.
            told["term_kind"], told["term_on"] = "date", told["nda_until"]
        kind = told.get("term_kind")
        if kind in ("years", "months") and not told.get("term_value"):
            self.add_error("term_value", _("请填年数或月数"))
        if kind == "date" and not told.get("term_on"):
            self.add_error("term_on", _("请选日期"))
        if kind == "event" and not told.get("term_event", "").strip():
            self.add_error("term_event", _("请写明公布或实施的是什么事"))
        return told

    def level_meant(self) -> int:
        """The level chosen, or what the three questions come to."""
        told = self.cleaned_data
        if told.get("level"):
            return int(told["level"])
        return catalogue.propose(told["category"], told.get("line", ""), told["harm"], ()).level

    def proposed(self, owner: Person | None) -> Proposed:
        """The answers as the rules see them; the owner always stands in the scope of a levelled paper."""
        told, level = self.cleaned_data, self.level_meant()
        scope = [line_of(entry) for entry in told.get("scope") or ()]
        if level >= 10 and owner and not any(line.key == owner.uid for line in scope):
            scope.insert(0, ScopeLine("person", owner.uid))
        if level < 10 and not scope:
            scope = [ScopeLine("all", "")]
        return Proposed(
            level=level, category=told["category"], line=told.get("line", ""), harm=told["harm"], interest=told["interest"],
            reason=told.get("reason", ""), term=term_of(told) if level >= 10 else TermFacts(), scope=tuple(scope),
            project=told.get("project", ""), override=told.get("override", ""), standing=bool(told.get("standing")),
        )  # fmt: skip


def term_of(told: dict[str, Any]) -> TermFacts:
    """The third question's answer."""
    kind = told.get("term_kind") or ""
    return TermFacts(kind, told.get("term_value") or 0, told.get("term_on"), told.get("term_event", "").strip())


class RegistrationForm(ProposalForm):
    """登记与定密: what is asked on one page; the rest stands below 补充信息."""

    title = forms.CharField(label=_("标题"), max_length=200)
    department = forms.ChoiceField(label=_("责任部门"))
    owner = PickField(label=_("责任人"), choices=people_choices)
    issued_on = DayField(label=_("成文日期"), required=False)
    pages = forms.IntegerField(label=_("页数"), min_value=0, max_value=9999, required=False)
    copies = forms.IntegerField(label=_("印制份数"), min_value=0, max_value=999, required=False)
    files = forms.FileField(label=_("文件"), required=False, widget=Files("/documents/uploads/"))
    remark = forms.CharField(label=_("备注"), max_length=400, required=False)
    kind = forms.ChoiceField(label=_("登记什么"), choices=KINDS, required=False)
    nda_until = DayField(
        label=_("合同保密条款截止日"), required=False, help_text=_("填写后，以这一天为保密期限，到这一天（含当天）")
    )
    volume = PickField(label=_("归入哪一卷"), choices=list, required=False)

    EXTRA = ("nda_until", "level", "reason", "project", "kind", "volume", "override", "remark", "standing", "urgent")

    def __init__(self, *args: Any, volumes: Iterable[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [(d.code, d.name) for d in Department.objects.order_by("pk")]
        self.fields["volume"].pickable = self.fields["volume"].widget.pickable = lambda: volumes

    def clean_title(self) -> str:
        title = self.cleaned_data["title"].strip()
        if any(ord(sign) < 32 for sign in title):
            raise forms.ValidationError(_("标题不能含换行等控制字符"))
        return title

    @property
    def extra(self) -> list[Any]:
        """The fields below 补充信息."""
        return [self[name] for name in self.EXTRA]


class ChangeForm(forms.Form):
    """F09: what is to change, to what, why."""

    kind = forms.ChoiceField(label=_("要变更什么"), widget=BigOptions(hints={
        "downgrade": _("送定密责任人审定"), "upgrade": _("各份重标，持有人告知"), "release": _("转为内部，不等于公开"),
        "extend": _("到期前办理，不超过上限"), "declassify": _("期限已满，审查后转为内部"),
        "keep": _("年度复核：由总经理决定，一年后再复核"), "limit": _("年度复核：从今日算起，不超过上限"),
    }))  # fmt: skip
    level = forms.ChoiceField(label=_("改为"), choices=language.level_choices, required=False)
    term_kind = forms.ChoiceField(label=_("新的期限"), choices=TERMS, required=False)
    term_value = forms.IntegerField(
        label=_("年数或月数（延长从原起始日算起，复核改定从今日算起）"), min_value=1, max_value=99, required=False
    )  # fmt: skip
    term_on = DayField(label=_("到哪一天"), required=False)
    term_event = forms.CharField(label=_("到哪件事"), max_length=40, required=False)
    reason = forms.CharField(label=_("理由"), max_length=400, widget=Reason(
        [_("已公开或已实施"), _("影响减轻"), _("内容有新增"), _("仍有保密价值")]
    ))  # fmt: skip

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)


class ScopeForm(forms.Form):
    """Ask that others may know: who, for what, until when."""

    lines = ScopeField(label=_("再让谁知悉"), choices=scope_choices)
    purpose = forms.CharField(label=_("事由"), max_length=200)
    until = DayField(label=_("知悉至（含当天）"))
    leader = PickField(
        label=_("口头许可的领导"), choices=people_choices, required=False, help_text=_("只在机要员登记口头许可时填写，由该领导确认后生效。")
    )  # fmt: skip


class ShowForm(forms.Form):
    """给别人看: to which colleague."""

    colleague = PickField(label=_("给谁看"), choices=people_choices)


class CorrectForm(forms.Form):
    """更正: new values, and why."""

    title = forms.CharField(label=_("标题"), max_length=200)
    pages = forms.IntegerField(label=_("页数"), min_value=0, max_value=9999, required=False)
    remark = forms.CharField(label=_("备注"), max_length=400, required=False)
    reason = forms.CharField(label=_("更正理由"), max_length=200)


class ToldForm(forms.Form):
    """口头传达: who told whom, on what authority, where."""

    told = PickField(label=_("谁听到了"), choices=people_choices)
    by = PickField(label=_("谁传达的"), choices=people_choices)
    place = forms.CharField(label=_("地点与依据"), max_length=120)


class MistakeForm(forms.Form):
    """误知: who learnt by mistake and how, and his promise of silence."""

    learnt = PickField(label=_("谁误知了"), choices=people_choices)
    words = forms.CharField(label=_("如何得知"), max_length=200)
    pledged = forms.BooleanField(label=_("本人承诺不外传、不留存、不再查看"))


class CustodyForm(forms.Form):
    """移交保管: to whom and why; he signs for it himself."""

    to = PickField(label=_("移交给"), choices=people_choices)
    reason = forms.CharField(label=_("理由"), max_length=200)


class FreezeForm(forms.Form):
    """冻结: why, and who goes on with the case besides whoever freezes."""

    reason = forms.CharField(label=_("冻结的理由"), max_length=200)
    first = PickField(label=_("专案人员"), choices=people_choices, required=False)
    second = PickField(label=_("专案人员（第二人）"), choices=people_choices, required=False)


class SideForm(forms.Form):
    """隔离: the case, and the side this item belongs to."""

    class_name = forms.CharField(label=_("事项，如某次招标"), max_length=40)
    side = forms.CharField(label=_("属于哪一方"), max_length=40)


class WordsForm(forms.Form):
    """One line of reason."""

    reason = forms.CharField(label=_("理由"), max_length=200)


class OpeningForm(forms.Form):
    """应急开柜: who opens, before whose eyes, why."""

    office = PickField(label=_("开柜人（总经理办公室主任）"), choices=people_choices)
    witness = PickField(label=_("见证人"), choices=people_choices)
    reason = forms.CharField(label=_("理由"), max_length=200)


class CountForm(forms.Form):
    """清点: how many items lie there, the number of the seal put on."""

    counted = forms.IntegerField(label=_("清点件数"), min_value=0, max_value=99999)
    seal = forms.CharField(label=_("封条号与所见"), max_length=200)


class InterimForm(forms.Form):
    """临时保管人."""

    interim = PickField(label=_("临时保管人"), choices=people_choices)


class FindingForm(forms.Form):
    """复核结论."""

    finding = forms.CharField(label=_("复核结论"), max_length=400)


def usual_years(on: date) -> str:
    """Harm -> usual years of its level, for the form's script."""
    by_harm = {harm: level_of_harm(harm) for harm in ("exceptional", "grave", "harm")}
    return json.dumps({harm: int(parameter("P4.0", f"default_years_{lv}", on=on)) for harm, lv in by_harm.items()})

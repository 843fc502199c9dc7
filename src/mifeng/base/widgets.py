"""Inputs of the house: person, scope, date, reason with ready phrases, big options. All of them work without script.

A picker is a text field with a list of suggestions (name, account, post); what was typed is matched here, on the
server: exactly, then by a beginning that only one entry has. Nobody has to know an internal number.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Choice:
    """Something to pick: `key` is what the form gives back, `word` the name, `code` account or number."""

    key: str
    word: str
    code: str = ""
    hint: str = ""

    @property
    def text(self) -> str:
        """As it stands in the field once picked: 葛星野 gexy."""
        return f"{self.word} {self.code}".strip()


Choices = Callable[[], Iterable[Choice]]


def pick(typed: str, choices: Iterable[Choice]) -> Choice | None:
    """The one choice that was meant; None when none or several fit. Case and outer spaces do not count."""
    wanted, entries = " ".join(typed.split()).lower(), list(choices)
    for exact in (lambda c: c.key, lambda c: c.text, lambda c: c.code, lambda c: c.word):
        found = [choice for choice in entries if exact(choice).lower() == wanted]
        if found:
            return found[0] if len(found) == 1 else None
    begun = [
        choice for choice in entries if choice.text.lower().startswith(wanted) or choice.code.lower().startswith(wanted)
    ]
    return begun[0] if wanted and len(begun) == 1 else None


class Picker(forms.TextInput):
    """A text field with suggestions. Value in and out: the text as typed; a key is shown as its text."""

    template_name = "base/widgets/picker.html"
    own_look = True

    def __init__(self, choices: Choices, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.pickable = choices

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entries = list(self.pickable())
        known = next((choice for choice in entries if choice.key == value), None)
        context["widget"]["value"] = known.text if known else value or ""
        context["entries"], context["list_id"] = entries, f"{context['widget']['attrs'].get('id', name)}_list"
        return context


class PickField(forms.CharField):
    """A picked person (department, post …): cleaned value = `key` of the choice, empty when optional and empty."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("没有找到“%(typed)s”。请按姓名、账号或编号选择。"),
    }

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker(choices))
        super().__init__(**kwargs)
        self.pickable = choices

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        found = pick(typed, self.pickable())
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown", params={"typed": typed})
        return found.key


@dataclass(frozen=True)
class ScopeEntry:
    """One line of a scope as a person filled it in: the key of the choice, for what purpose, last day (included)."""

    key: str
    purpose: str = ""
    until: date | None = None


class ScopePicker(forms.Widget):
    """Lines of person, purpose and last day; three empty ones below, a button with the name `NAME-more` asks for more.

    Posted as NAME-0-who, NAME-0-purpose, NAME-0-until, NAME-1-who …; value = list of mappings with these three keys.
    """

    template_name = "base/widgets/scope.html"
    own_look = True
    use_fieldset = True
    EMPTY_LINES = 3
    MOST_LINES = 200

    def __init__(self, choices: Choices, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.pickable = choices

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:
        lines = []
        for n in range(self.MOST_LINES):
            if f"{name}-{n}-who" not in data:
                break
            lines.append(
                {part: str(data.get(f"{name}-{n}-{part}", "")).strip() for part in ("who", "purpose", "until")}
            )
        return [line for line in lines if line["who"]]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}-0-who" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entries = list(self.pickable())
        texts = {choice.key: choice.text for choice in entries}
        filled = [_line(entry, texts) for entry in value or ()]
        empty = [{"who": "", "purpose": "", "until": ""} for _n in range(self.EMPTY_LINES)]
        context["lines"], context["entries"] = filled + empty, entries
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}_list"
        return context


def _line(entry: Any, texts: Mapping[str, str]) -> dict[str, str]:
    """A line for the template from what was posted (mapping) or what is stored (ScopeEntry)."""
    if isinstance(entry, Mapping):
        return {"who": texts.get(entry["who"], entry["who"]), "purpose": entry["purpose"], "until": entry["until"]}
    until = entry.until.isoformat() if entry.until else ""
    return {"who": texts.get(entry.key, entry.key), "purpose": entry.purpose, "until": until}


class ScopeField(forms.Field):
    """知悉范围 as filled in: cleaned value = tuple of ScopeEntry, one a line, nobody twice."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _("没有找到“%(typed)s”。请按姓名、账号或编号选择。"),
        "twice": _("%(typed)s 填了两次。"),
        "day": _("“%(typed)s”不是日期，请写成 2026-12-31。"),
        "required": _("请至少写一个人。"),
    }

    def __init__(self, *, choices: Choices, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ScopePicker(choices))
        super().__init__(**kwargs)
        self.pickable = choices

    def to_python(self, value: Any) -> tuple[ScopeEntry, ...]:
        entries, lines = list(self.pickable()), []
        for line in value or ():
            lines.append(self._entry(line, entries, {done.key for done in lines}))
        return tuple(lines)

    def _entry(self, line: Mapping[str, str], entries: list[Choice], seen: set[str]) -> ScopeEntry:
        found = pick(line["who"], entries)
        if found is None:
            self._refuse("unknown", line["who"])
        if found.key in seen:
            self._refuse("twice", found.word)
        return ScopeEntry(found.key, line["purpose"], self._day(line["until"]))

    def _day(self, typed: str) -> date | None:
        try:
            day = date.fromisoformat(typed) if typed else None
        except ValueError:
            self._refuse("day", typed)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            self._refuse("day", typed)
        return day

    def _refuse(self, code: str, typed: str) -> Any:
        raise ValidationError(self.error_messages[code], code=code, params={"typed": typed})


class Day(forms.DateInput):
    """A native date field; value as 2026-03-01 whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)  # what can be reckoned with: neither end of the calendar


class DayField(forms.DateField):
    """A day as somebody types it. One at the end of the calendar is refused here, or the rounds that count from it would stop."""

    default_error_messages: ClassVar[dict[str, Any]] = {"far": _("日期须在 1900 年至 2199 年之间。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Day())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(self.error_messages["far"], code="far")
        return day


class Reason(forms.Textarea):
    """A reason with ready phrases above it: a click fills the field; without script they can be read and typed."""

    template_name = "base/widgets/reason.html"
    own_look = True

    def __init__(self, phrases: Iterable[Any] = (), attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 2, **(attrs or {})})
        self.phrases = tuple(phrases)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["phrases"] = self.phrases
        return context


class _Hinted:
    """A choice may carry a line of explanation: `hints` maps its value to the text."""

    hints: Mapping[str, Any]

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        return option


class BigOptions(_Hinted, forms.RadioSelect):
    """One of several, as large fields with an explanation."""

    template_name = "base/widgets/options.html"
    own_look = True

    def __init__(self, hints: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = hints or {}


class BigChecks(_Hinted, forms.CheckboxSelectMultiple):
    """Any of several, as large fields with an explanation."""

    template_name = "base/widgets/options.html"
    own_look = True

    def __init__(self, hints: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.hints = hints or {}


class Files(forms.ClearableFileInput):
    """Files by choosing or dropping; several at once, each with its own progress when script runs."""

    template_name = "base/widgets/files.html"
    own_look = True
    allow_multiple_selected = True

    def __init__(self, upload_url: str = "", accept: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, **({"accept": accept} if accept else {}), **(attrs or {})})
        self.upload_url = upload_url

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        context["upload_url"] = self.upload_url
        return context


class FilesField(forms.FileField):
    """Several files: cleaned value = list of uploaded files, empty when none was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Files())
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = list(data or ())
        if not given:
            return [super().clean(None, initial)] if self.required else []
        return [super(FilesField, self).clean(one, initial) for one in given]

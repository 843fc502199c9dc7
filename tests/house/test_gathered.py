"""The catalogue: what is gathered, how it is compiled, what is said to be wrong with it."""

import gettext
import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mifeng.site import messages

ROOT = Path(__file__).resolve().parents[2]
PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: src/mifeng/a.py
msgid "登记"
msgstr "Register"

#, python-format
msgid "共 %(n)s 件"
msgid_plural "共 %(n)s 件"
msgstr[0] "%(n)s item"
msgstr[1] "%(n)s items"

msgctxt "seal"
msgid "印章"
msgstr "Seal"

msgid ""
"第一行\\n"
"“第二行”"
msgstr ""
"First line\\n"
"\\"second line\\""

#, fuzzy
msgid "解密"
msgstr "Decrypt"

msgid "降密"
msgstr ""

msgid "份"
msgid_plural "份"
msgstr[0] "copy"
msgstr[1] ""
"""


def tool() -> ModuleType:
    """tools/messages.py, which is no package."""
    if "gathering" not in sys.modules:
        spec = importlib.util.spec_from_file_location("gathering", ROOT / "tools" / "messages.py")
        sys.modules["gathering"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["gathering"])
    return sys.modules["gathering"]


@pytest.fixture
def compiled(tmp_path):
    po = tmp_path / "django.po"
    po.write_text(PO, "utf-8")
    return gettext.GNUTranslations(io.BytesIO(messages.mo(messages.read_po(po))))


def test_what_is_compiled_is_read_by_the_standard_library(compiled):
    assert compiled.gettext("登记") == "Register"
    assert compiled.pgettext("seal", "印章") == "Seal"
    assert compiled.gettext("印章") == "印章"
    assert compiled.gettext("第一行\n“第二行”") == 'First line\n"second line"'
    assert compiled.info()["plural-forms"] == "nplurals=2; plural=(n != 1);"
    assert [compiled.ngettext("共 %(n)s 件", "共 %(n)s 件", n) % {"n": n} for n in (0, 1, 2)] == [
        "0 items", "1 item", "2 items",
    ]  # fmt: skip


def test_fuzzy_empty_and_half_entries_are_not_compiled(compiled):
    assert [compiled.gettext(word) for word in ("解密", "降密")] == ["解密", "降密"]
    assert compiled.ngettext("份", "份", 2) == "份"


def test_gettext_itself_reads_our_catalogue_the_same_way(tmp_path):
    written = tool().written(tool().gather(), tool().read())
    po = tmp_path / "django.po"
    po.write_text(written, "utf-8")
    ours = gettext.GNUTranslations(io.BytesIO(messages.mo(messages.read_po(po))))
    kept = {key: texts for key, (texts, fuzzy) in tool().read(po).items() if all(texts) and not fuzzy}
    assert len(kept) > 1000
    plain = {key: texts[0] for key, texts in kept.items() if "\0" not in key and "\x04" not in key}
    assert {key: ours.gettext(key) for key in plain} == plain


def words(text: str, name: str = "x.py") -> set[str]:
    return {sentence.msgid for sentence in tool().of_python(text, name)}


def test_python_is_searched_for_gettext_under_any_name_and_for_refusals():
    source = """
from django.utils.translation import gettext_lazy as lazy, ngettext
A = lazy("甲")
def f(n):
    reason = "乙" if n else "丙"
    raise Refused(Decision.refuse("r", "M2.1", reason), "丁")
def g(n):
    reason = "戊"
    return _("己%(n)s") % {"n": n} + f"庚{n}" + ngettext("辛", "壬", n)
"""
    assert words(source) == {"甲", "乙", "丙", "丁", "己%(n)s", "辛"}


def test_tables_of_modules_without_the_framework_are_searched():
    source = 'STATE_WORDS = {"a": "甲"}\nOTHER = {"b": "乙"}\n'
    assert words(source, "rooms/documents/facts.py") == {"甲"}
    assert words(source, "rooms/documents/other.py") == set()


def test_templates_are_searched_as_django_reads_them():
    source = (
        '{% trans "甲" %}{% sheet_head _("乙") %}{{ x|default:_("丙") }}{% comment %}丁{% endcomment %}'
        "{% blocktrans count n=n %}戊 {{ n }}{% plural %}戊 {{ n }}{% endblocktrans %}"
        '{% trans "己" context "印" %}{% blocktrans trimmed %}\n 庚\n 辛 5%\n{% endblocktrans %}'
    )
    found = {(s.msgid, s.context, s.plural) for s in tool().of_template(source)}
    assert found == {
        ("甲", "", ""), ("乙", "", ""), ("丙", "", ""), ("戊 %(n)s", "", "戊 %(n)s"), ("己", "印", ""), ("庚 辛 5%%", "", ""),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ((["Register"], False), ""),
        (([""], False), "without English: 登记%(n)s"),
        ((["Register"], False), "other %(names)s: 登记%(n)s -> Register"),
        ((["Register %(n)s"], True), "fuzzy: 登记%(n)s"),
        ((["登记 %(n)s"], False), "Chinese in English: 登记%(n)s -> 登记 %(n)s"),
        ((["Register %(n)s 5%"], False), "other %(names)s: 登记%(n)s -> Register %(n)s 5%"),
    ],
)
def test_faults_of_an_entry_are_named(entry, fault):
    sentence = tool().Sentence("登记%(n)s" if fault else "登记")
    found = tool().Gathered({sentence: {"a.py"}})
    assert tool().faults(found, {sentence.key: entry}) == ([fault] if fault else [])


def test_an_unused_entry_and_one_that_is_not_gathered_are_named():
    found = tool().Gathered({tool().Sentence("登记"): {"a.py"}})
    assert tool().faults(found, {"销毁": (["Destroy"], False)}) == ["not gathered: 登记", "unused: '销毁'"]

"""Templates and scripts keep to the content security policy, and every word of theirs can be translated."""

import re
from pathlib import Path

import pytest
from django.template import Engine
from django.template.base import Lexer, TokenType

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/mifeng"
TEMPLATES = sorted(path for path in SOURCE.rglob("*.html") if "templates" in path.parts)
SCRIPTS = sorted((SOURCE / "site/static/js").glob("*.js"))
NAMES = [str(path.relative_to(SOURCE)) for path in TEMPLATES]

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TRANSLATED = re.compile(r"_\(\s*(\"[^\"]*\"|'[^']*')\s*\)")
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.I),
    "inline style": re.compile(r"<style[\s>]", re.I),
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "script address": re.compile(r"javascript:", re.I),
    "htmx expression": re.compile(r"\shx-on|hx-vals\s*=\s*[\"']js:|hx-headers\s*=\s*[\"']js:", re.I),
    "foreign address": re.compile(r"(?:src|href|action)\s*=\s*[\"']https?://", re.I),
}
# Nothing of a page may stay in the browser, and no text may become markup or code.
KEPT_OR_RUN = re.compile(
    r"localStorage|sessionStorage|indexedDB|\bcaches\b|innerHTML|outerHTML|document\.write|\beval\(|new Function"
)


# The one script that keeps something: scans that wait for their connection, in this window only, codes of labels alone.
WAITING_SCANS = "scan.js"


def offences(text: str) -> list[str]:
    """What the policy forbids and the text does."""
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def untranslated(text: str) -> list[str]:
    """Pieces of a template with Chinese that no catalogue can translate."""
    found, inside = [], ""
    for token in Lexer(text).tokenize():
        word = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if inside:
            inside = "" if word == f"end{inside}" else inside
        elif word in {"comment", "blocktrans", "blocktranslate", "verbatim"}:
            inside = word
        elif token.token_type == TokenType.COMMENT or word in {"trans", "translate"}:
            continue
        elif CHINESE.search(TRANSLATED.sub("", token.contents)):
            found.append(token.contents.strip()[:60])
    return found


def without_comments(path: Path) -> str:
    """The template without its comments."""
    return re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_has_no_inline_script_or_style(path: Path) -> None:
    assert offences(path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_has_no_chinese_outside_translation(path: Path) -> None:
    assert untranslated(path.read_text()) == []


def test_what_must_be_found_is_found() -> None:
    assert offences('<p style="color:red">') == ["style attribute"]
    assert offences('<button onclick="x()">') == ["event attribute"]
    assert offences("<script>x()</script>") == ["inline script"]
    assert offences('<script type="module" src="/static/js/app.js"></script>') == []
    assert untranslated("<b>登记</b>") == ["<b>登记</b>"]
    assert untranslated('{{ x|default:"无" }}') == ['x|default:"无"']
    assert untranslated('{% trans "登记" %}{# 说明 #}{% comment %}说明{% endcomment %}{{ x|default:_("无") }}') == []
    assert untranslated("{% blocktrans %}共 {{ n }} 项{% endblocktrans %}，") == ["，"]


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_template_compiles_with_the_tags_every_page_has(path: Path) -> None:
    tags = ["django.templatetags.i18n", "mifeng.base.templatetags.mifeng"]
    libraries = {"i18n": tags[0], "mifeng": tags[1], "static": "django.templatetags.static"}
    Engine(libraries=libraries, builtins=tags).from_string(path.read_text())


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (SOURCE / "site/static/icons.svg").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert used and used <= drawn, used - drawn


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.name for path in SCRIPTS])
def test_a_script_keeps_nothing_in_the_browser_and_runs_no_text(path: Path) -> None:
    text = path.read_text()
    if path.name == WAITING_SCANS:
        used = re.findall(r"sessionStorage\.\w+\([^,)]*", text)
        assert used == [f"sessionStorage.{do}(KEY" for do in ("getItem", "setItem", "removeItem")]
        assert "if (!CODE.test(read))" in text  # nothing but a code is ever put into the queue
        text = text.replace("sessionStorage", "")
    assert KEPT_OR_RUN.search(text) is None


def test_nothing_of_the_request_is_in_the_page_for_what_is_absent_or_hidden() -> None:
    text = without_comments(SOURCE / "base/templates/base/not_found.html")
    emptied = ("token", "messages", "lock", "lock_form")
    assert [name for name in emptied if f"{{% block {name} %}}{{% endblock %}}" not in text] == []
    shell = without_comments(SOURCE / "base/templates/base/page.html")
    for name in emptied:
        shell = re.sub(rf"{{% block {name} %}}.*?{{% endblock %}}", "", shell)
    assert [name for name in ("csrf_token", "request", "{% now") if name in text + shell] == []


def test_htmx_neither_evaluates_text_nor_keeps_pages() -> None:
    head = (SOURCE / "base/templates/base/head.html").read_text()
    asked = ('"allowEval":false', '"allowScriptTags":false', '"historyCacheSize":0', '"selfRequestsOnly":true')
    assert [setting for setting in asked if setting not in head] == []

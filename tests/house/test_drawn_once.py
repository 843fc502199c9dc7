"""What is drawn alike in every line is drawn once: and still in the reader's language."""

from typing import Any

from django.template import engines
from django.utils import translation


def drawn(text: str, **told: Any) -> str:
    return str(engines["django"].from_string(text).render(told))


def test_a_constant_text_follows_the_language_of_whoever_reads(django_house: None) -> None:
    template = engines["django"].from_string('{% for n in two %}{% trans "密级" %} {% endfor %}')
    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.append(template.render({"two": "ab"}))
    assert said[0] == said[2] == "密级 密级 "
    assert said[1] != said[0]


def test_a_text_that_is_not_constant_is_looked_up_each_time(django_house: None) -> None:
    with translation.override("en"):
        told = {"words": ["密级", "份号"]}
        each = drawn("{% for one in words %}{% trans one %};{% endfor %}", **told).split(";")[:2]
        kept = drawn('{% trans "密级" as kept %}[{{ kept }}]')
    assert each[0] != each[1]
    assert kept == f"[{each[0]}]"


def test_texts_and_names_in_marks_are_escaped_though_they_are_kept(django_house: None) -> None:
    assert "<b>" not in drawn("{% state_tag 'ok' word %}", word="<b>x</b>")
    assert "<b>" not in drawn("{% level_tag 20 False term %}", term="<b>x</b>")
    assert drawn("{% state_tag 'ok' 'a' %}") != drawn("{% state_tag 'bad' 'a' %}")

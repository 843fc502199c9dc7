"""Reasons, terms, levels and lists in the language of the page; what stands in the log and on paper stays Chinese."""

from datetime import date

import pytest
from django.utils import translation

from mifeng.base import language
from mifeng.clauses import catalogue, clause
from mifeng.engines.access import Decision, Term


@pytest.fixture(autouse=True)
def _compiled(django_house):
    from mifeng.site import messages

    messages.compile_all()
    translation.trans_real._translations.clear()


def test_a_reason_is_its_own_chinese_or_its_own_english_or_the_catalogue_s():
    plain = Decision.refuse("a", "P4.0", "涉密事项须写明保密期限或解密条件").reasons[0]
    with_figures = Decision.refuse("b", "P4.0", "该密级的保密期限最长20年", en="At most 20 years.").reasons[0]
    assert [language.reason(one) for one in (plain, with_figures)] == [plain.zh, with_figures.zh]
    with translation.override("en"):
        assert [language.reason(one) for one in (plain, with_figures)] == [
            "A classified item needs a classification term or a declassification event.", "At most 20 years.",
        ]  # fmt: skip


def test_a_sentence_that_the_catalogue_does_not_have_stays_as_it_is():
    with translation.override("en"):
        assert language.reason(Decision.refuse("a", "P4.0", "没有译文的句子").reasons[0]) == "没有译文的句子"
        assert language.said("") == ""


@pytest.mark.parametrize(
    ("term", "zh", "en"),
    [
        (Term("years", value=1), "1年", "1 year"),
        (Term("years", value=5), "5年", "5 years"),
        (Term("months", value=6), "6个月", "6 months"),
        (Term("date", on=date(2031, 3, 2)), "至2031年3月2日", "until 2 March 2031"),
        (Term("event", event="公布前"), "公布前", "公布前"),
        (Term("event"), "至解密条件成就", "until the declassification event"),
        (Term("indefinite"), "长期", "indefinite"),
        (None, "", ""),
    ],
)
def test_a_term_is_read_in_both_languages(term, zh, en):
    assert language.term(term) == zh
    with translation.override("en"):
        assert language.term(term) == en


def test_a_term_in_chinese_is_the_one_of_the_mark():
    terms = (Term("years", value=5), Term("months", value=6), Term("date", on=date(2031, 3, 2)), Term("indefinite"))
    assert [language.term(term) for term in terms] == [term.zh for term in terms]


def test_levels_in_english_never_look_like_those_of_the_state():
    with translation.override("en"):
        assert [language.level(rank) for rank in (30, 20, 10, 5, 0, None)] == [
            "TOP SECRET (company)", "HIGHLY CONFIDENTIAL (company)", "CONFIDENTIAL (company)", "INTERNAL", "PUBLIC", "—",
        ]  # fmt: skip


def test_lists_and_headings_follow_the_language():
    assert (language.listed(["甲", "乙"]), language.either(["甲", "乙"])) == ("甲、乙", "甲或乙")
    assert language.clause_title(clause("M1.1")) == "专人办理全流程"
    with translation.override("en"):
        assert (language.listed(["a", "b"]), language.either(["a", "b"])) == ("a, b", "a or b")
        assert language.clause_title(clause("M1.1")) == "Entrusted persons for the whole life"


def test_a_proposal_gives_its_reason_in_english_from_the_same_parts():
    from mifeng.rooms.documents import previews

    made = catalogue.propose("S4", "report_financial", "harm")
    assert previews.sentence(made) == made.sentence
    with translation.override("en"):
        assert previews.sentence(made) == (
            "By the guide entry “Monthly and quarterly financial reports”, HIGHLY CONFIDENTIAL (company) is proposed; the harm "
            "named, “Ordinary”, is below the proposed level: restate the harm or give a written reason for a lower level"
        )


def test_a_sentence_of_a_rule_has_the_commas_of_chinese_on_a_page():
    assert language.said("须写明用途、份数,去向不得多于份数") == "须写明用途、份数，去向不得多于份数"
    assert language.said("见 3,4 页;A,B") == "见 3,4 页；A,B"
    with translation.override("en"):
        assert language.said("没有目录的话,原样") == "没有目录的话,原样"

"""The forms of the office, the glossary, the schemes of levels."""

import pytest

from mifeng.clauses import forms, schemes, words


def test_30_forms_each_with_columns_states_and_signatures() -> None:
    assert list(forms.forms()) == [f"F{place:02}" for place in range(1, 31)]
    assert [f.id for f in forms.forms().values() if not (f.fields and f.states and f.signatures and f.room)] == []


def test_a_form_keeps_its_customary_columns_in_order() -> None:
    form = forms.form("F08")
    assert (form.title_zh, form.room) == ("定密审批表", "documents")
    assert [field.key for field in form.fields][:6] == ["item", "category", "basis", "standing", "interest", "harm"]
    assert next(field for field in form.fields if field.key == "harm").options == ("特别严重", "严重", "一般")


def test_a_form_that_the_office_lacks_is_named() -> None:
    with pytest.raises(forms.UnknownForm, match="F99"):
        forms.form("F99")


def test_home_and_public_places_are_no_kinds_of_destination() -> None:
    kinds = next(field for field in forms.form("F07").fields if field.key == "dest_kind").options
    assert kinds == ("本公司分支", "客户或合作单位", "主管机关", "会议场所")


def test_the_glossary_gives_every_word_an_identifier() -> None:
    assert len(words.words()) == 179
    assert [word.zh for word in words.words() if not word.identifier] == []
    found = words.word("declassify")
    assert found is not None
    assert (found.zh, found.note) == ("解密", "release from level; is not publication")
    assert words.word("classify_again") is None


def test_the_three_levels_of_the_company() -> None:
    scheme = schemes.scheme("company3")
    assert [(level.rank, level.word) for level in scheme.levels] == [(30, "绝密"), (20, "机密"), (10, "秘密")]
    assert scheme.levels[0].scope == ("person",)
    assert "department" not in scheme.levels[1].scope
    assert "★" not in scheme.separator


def test_no_item_becomes_lower_by_a_mapping() -> None:
    for scheme in schemes.schemes().values():
        for of, pairs in scheme.mapping.items():
            assert set(pairs) == {level.rank for level in schemes.scheme(of).levels}
            assert [old for old, new in pairs.items() if new < old] == []


def test_controls_never_weaken_upwards() -> None:
    for scheme in schemes.schemes().values():
        for upper, lower in zip(scheme.levels, scheme.levels[1:], strict=False):
            assert set(upper.scope) <= set(lower.scope)
            assert (upper.two_carriers, upper.reading_room) >= (lower.two_carriers, lower.reading_room)

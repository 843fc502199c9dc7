"""A wrong file fails at once and names file, id and field."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mifeng.clauses import RegulationError, catalogue, forms, loader, matrix, parameters, regulation, schemes, words

Spoil = Callable[[str, str, str], Path]
READERS: dict[str, Callable[[Path], object]] = {
    "m_measures.toml": regulation, "p_principles.toml": regulation, "parameters.toml": parameters.parameters,
    "approvals.toml": matrix.matrix, "catalogue.toml": catalogue.catalogue, "forms.toml": forms.forms,
    "schemes.toml": schemes.schemes, "words.tsv": words.words,
}  # fmt: skip

# file, what is replaced, by what, where the error points: (id, field)
WRONG = [
    ("m_measures.toml", 'room = "people"', 'room = "people"\nroom_no = 3', ("M1.1", "room_no")),
    ("m_measures.toml", 'status = "source"', 'status = "hearsay"', ("M1.1", "status")),
    ("m_measures.toml", 'kept_by = ["rule", "register", "inspection"]', 'kept_by = ["rule"]', ("M1.1", "kept_by")),
    ("m_measures.toml", 'title_en = "Entrusted persons for the whole life"', "", ("M1.1", "title_en")),
    ("m_measures.toml", '["M1.1"]', '["K1.1"]', ("K1.1", "")),
    ("m_measures.toml", 'title_en = "Entrusted', "title_en = 7 # Entrusted", ("M1.1", "title_en")),
    ("parameters.toml", "value = 60, basis = \"two", "value = 63, basis = \"two", ("I6.3 password_age_days", "values")),
    ("parameters.toml", "at_most = 12", "at_more = 12", ("P0.1 pledge_months", "at_more")),
    ("parameters.toml", '["P0.3".refusals_a_day]', '["P9.3".refusals_a_day]', ("P9.3", "")),
    ("parameters.toml", "since = 2026-01-01", 'since = "soon"', ("P0.1 pledge_months", "since")),
    ("approvals.toml", '["decider_is_not_drafter"', '["decider_is_friendly"', ("classify", "conditions")),
    ("approvals.toml", '[["owning_dept_head"], ["gm"]]', '[["dept_head"], ["boss"]]', ("classify", "top_secret")),
    ("approvals.toml", '[["owning_dept_head"], ["gm"]]', '["owning_dept_head", "gm"]', ("classify", "top_secret")),
    ("approvals.toml", "\nconfidential = [[", "\nsecret = [[", ("classify", "secret")),
    ("approvals.toml", 'executor = "clerk"', 'executor = "somebody"', ("copy", "executor")),
    ("approvals.toml", '"watcher2"]', '"watcher3"]', ("destroy", "separate")),
    ("approvals.toml", 'clauses = ["M4"]', 'clauses = ["M44"]', ("external_provision", "clauses")),
    ("approvals.toml", 'id = "downgrade_or_release_early"', 'id = "classify"', ("classify", "id")),
    ("approvals.toml", 'own_analysis_given = {', 'own_analysis_made = {', ("fault", "conditions")),
    ("approvals.toml", "[conditions] ", '[conditions]\nidle = { clause = "M4", zh = "无" }\n#', ("idle", "conditions")),
    ("approvals.toml", "schema = 2", "schema = 1", ("", "schema")),
    ("catalogue.toml", 'harm = "exceptional"', 'harm = "grave"', ("decision_merger", "harm")),
    ("catalogue.toml", 'basis = "K2.1"', 'basis = "K9"', ("S1", "basis")),
    ("catalogue.toml", "standing = false", "standing = true", ("decision_merger", "standing")),
    ("catalogue.toml", 'kind = "years", value = 10', 'kind = "years", event = "x"', ("decision_merger", "term")),
    ("catalogue.toml", "version = 1", 'version = 1\nnote = "x"', ("", "note")),
    ("forms.toml", '"seq|收文号|str"', '"seq|收文号|number"', ("F01", "fields")),
    ("forms.toml", '"received_at|收到时间|dt"', '"seq|收到时间|dt"', ("F01", "fields")),
    ("schemes.toml", "20 = 30", "20 = 20", ("soe2", "mapping")),
    ("schemes.toml", "rank = 20", "rank = 30", ("company3", "level")),
    ("words.tsv", "绝密\ttop secret (company)\ttop_secret\trank 30", "绝密\ttop secret", ("绝密", "")),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where"), WRONG)
def test_an_error_names_file_id_and_field(spoil: Spoil, file: str, old: str, new: str, where: tuple[str, str]) -> None:
    folder = spoil(file, old, new)
    with pytest.raises(RegulationError) as fault:
        READERS[file](folder)
    assert (fault.value.file, fault.value.entry, fault.value.field) == (file, *where)
    assert str(fault.value).startswith(", ".join(part for part in (file, *where) if part))


@pytest.mark.parametrize("file", sorted(READERS))
def test_the_files_as_they_stand_are_read(copy: Path, file: str) -> None:
    assert READERS[file](copy)


def test_an_absent_file_is_named(copy: Path) -> None:
    (copy / "a_affairs.toml").unlink()
    with pytest.raises(RegulationError, match=r"a_affairs\.toml: is absent"):
        regulation(copy)


def test_a_file_that_is_no_toml_is_named(copy: Path) -> None:
    (copy / "schemes.toml").write_text("[company3", "utf-8")
    with pytest.raises(RegulationError, match=r"schemes\.toml: cannot be read"):
        loader.read("schemes.toml", copy)

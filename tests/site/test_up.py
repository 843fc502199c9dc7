"""`mifeng up`: what it refuses, when it may start without looking at the folder again."""

from pathlib import Path

import pytest

from mifeng.site.cli import up


@pytest.mark.parametrize("url", ["mysql://db/mifeng", "oracle:x"])
def test_other_databases_are_refused_in_words(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert up.main(["--database", url, "--no-browser"]) == 2
    said = capsys.readouterr().err
    assert (url.split(":")[0] in said, "sqlite" in said, "postgresql" in said) == (True, True, True)


def test_a_folder_is_ready_only_for_the_sources_that_made_it_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MIFENG_UNSEAL_FILE", raising=False)
    assert not up._is_prepared(tmp_path)
    (tmp_path / up.PREPARED).write_text(up._sources())
    assert not up._is_prepared(tmp_path)  # the database is gone
    (tmp_path / "mifeng.db").touch()
    assert up._is_prepared(tmp_path)
    (tmp_path / up.PREPARED).write_text("other sources")
    assert not up._is_prepared(tmp_path)


def test_only_a_demonstration_is_unsealed_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIFENG_UNSEAL_FILE", "")
    (tmp_path / "mifeng.db").touch()
    (tmp_path / up.PREPARED).write_text(up._sources())
    assert up._is_prepared(tmp_path)
    assert up.os.environ["MIFENG_UNSEAL_FILE"] == ""
    (tmp_path / "demo-unseal").write_text("throw-away")
    assert up._is_prepared(tmp_path)
    assert up.os.environ["MIFENG_UNSEAL_FILE"] == str(tmp_path / "demo-unseal")

"""/unseal/: whoever reaches the page may type, and undoes nothing that others typed; he waits after five wrong guesses."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from mifeng.base import vault
from mifeng.engines.vault import unseal as shares
from mifeng.site import anchor, unseal
from tests.house_fixtures import PASSPHRASE


@pytest.fixture
def sealed(house):
    """The house, its log noted, sealed; nothing lies on the table."""
    anchor.note()
    vault.seal()
    unseal._table.sets.clear()
    unseal._table.wrong.clear()
    yield house
    unseal._table.sets.clear()
    unseal._table.wrong.clear()


def browser(address="10.9.0.1"):
    return Client(headers={"accept": "text/html"}, REMOTE_ADDR=address)


def typed(client, text):
    return client.post("/unseal/", {"share": text})


def test_two_keepers_open_it_from_two_browsers(sealed):
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    assert typed(browser(), one).status_code == 200
    assert not vault.is_open()
    assert typed(browser(), two).status_code == 302
    assert vault.is_open()
    assert sealed.last()["act"] == "people:unseal"


def test_a_stranger_neither_clears_nor_spoils_what_a_keeper_typed(sealed):
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    keeper, stranger = browser(), browser("10.8.0.1")
    typed(keeper, one)
    typed(stranger, "wrong-passphrase")
    typed(stranger, "these words are no share")
    typed(stranger, shares.split("another house", 2, 3)[0])
    stranger.post("/unseal/", {"do": "back"})
    assert typed(browser(), two).status_code == 302


def test_only_the_browser_that_typed_a_share_takes_it_back(sealed):
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    keeper = browser()
    assert "收回我交的份额" in typed(keeper, one).content.decode()
    assert "收回我交的份额" not in browser().get("/unseal/").content.decode()
    keeper.post("/unseal/", {"do": "back"})
    assert typed(browser(), two).status_code == 200
    assert not vault.is_open()


def test_a_share_that_nobody_completes_is_forgotten(sealed):
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    typed(browser(), one)
    with sealed.at(timedelta(minutes=31)):
        assert typed(browser(), two).status_code == 200
    assert not vault.is_open()


def test_i6_1_after_five_wrong_guesses_a_network_waits_and_others_do_not(sealed):
    guesser = browser("10.8.0.1")
    for n in range(5):
        assert "不符" in typed(guesser, f"guess-{n}").content.decode()
    assert "试错过多" in typed(guesser, PASSPHRASE.replace(" ", "")).content.decode()
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    assert typed(guesser, one).status_code == 403
    typed(browser(), one)
    assert typed(browser(), two).status_code == 302


def test_i6_1_the_wait_ends(sealed):
    guesser = browser("10.8.0.1")
    for n in range(5):
        typed(guesser, f"guess-{n}")
    with sealed.at(timedelta(minutes=16)):
        assert "不符" in typed(guesser, "guess-9").content.decode()


def test_a_log_that_was_rolled_back_is_said_in_words_and_opens_nothing(sealed):
    one, two, _three = shares.split(PASSPHRASE, 2, 3)
    file = sealed.keys / "log-head.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"size": 9_999_999}))
    typed(browser(), one)
    answer = typed(browser(), two)
    assert answer.status_code == 503
    assert "日志与库外的记录不符" in answer.content.decode()
    assert not vault.is_open()

"""Several server threads and processes on one vault."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .conftest import COMPARTMENT, House, build

TITLE = "documents_document.title|5e0c"


def together(act: Callable[[int], object], threads: int = 4) -> list[object]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(act, range(threads)))


def test_four_threads_put_and_take_while_the_key_rotates(house: House) -> None:
    first = house.put(b"first")
    rotated = threading.Event()

    def work(number: int) -> list[bool]:
        if number == 0:
            for _ in range(5):
                house.vault.rotate(COMPARTMENT, batch=3)
            rotated.set()
            return []
        done = []
        while not rotated.is_set() or len(done) < 10:
            text = os.urandom(5000)
            made = house.put(text, part=number)
            done.append(house.take(made, part=number) == text and house.take(first) == b"first")
        return done

    results = [one for done in together(work) for one in done]
    assert len(results) >= 30
    assert all(results)
    assert [(state.kek_id, state.slots) for state in house.vault.key_states()] == [
        (f"{COMPARTMENT}#6", len(house.keys.slot_ids()))
    ]


def test_four_threads_make_one_key_for_one_document(house: House) -> None:
    keys = together(lambda _: house.fields())
    assert len({key.key_id for key in keys}) == 1
    assert keys[3].open(TITLE, keys[0].seal(TITLE, "青鹭")) == "青鹭"


def test_four_threads_shred_the_same_objects(house: House) -> None:
    gone, stays = [house.put(b"gone") for _ in range(10)], house.put(b"stays")
    receipts = together(lambda _: [house.vault.shred([made.object_id]) for made in gone])
    assert {tuple(one.shredded for one in each) for each in receipts} == {tuple(one.shredded for one in receipts[0])}
    assert [sum(each[turn].blobs_deleted for each in receipts) for turn in range(10)] == [1] * 10
    assert ([house.readable(made) for made in gone], house.readable(stays)) == ([False] * 10, True)


def test_another_process_with_the_same_stores_sees_everything_at_once(house: House) -> None:
    made = house.put(b"text")
    other = build(house.home, house.root)
    assert other.take(made) == b"text"
    house.vault.rotate(COMPARTMENT)
    assert other.take(made) == b"text"
    house.vault.shred([made.object_id])
    assert not other.readable(made)
    other.keys.close()


def test_a_forked_child_opens_its_own_connection(house: House) -> None:
    made = house.put(b"text")
    parents = house.keys._connection()
    child = os.fork()
    if child == 0:
        os._exit(0 if house.readable(made) and house.keys._connection() is not parents else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert house.readable(made)


def test_connections_of_ended_threads_are_closed(house: House) -> None:
    for _ in range(20):
        thread = threading.Thread(target=house.keys.slot_ids)
        thread.start()
        thread.join()
    assert len(house.keys._all) <= 2

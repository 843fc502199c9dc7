"""The pages of the regulation speak the office's words, not the program's."""

from mifeng.clauses import regulation


def test_every_room_of_a_clause_has_a_name_in_the_office(django_house: None) -> None:
    from mifeng.site.regulation_words import ROOMS

    rooms = {clause.room for clause in regulation().values()}
    assert len(rooms) >= 10
    assert rooms <= set(ROOMS)
    assert not any(str(ROOMS[room]).isascii() for room in rooms)

"""收发传阅: what comes in, goes round, is lent, put away and sent out.

Each customary book is a table of its own with its own fields; what happens to a numbered copy is written by the room of
copies alone (`copies.actions._ledger`), with the number and the key of the book's line. So the books and the copies
cannot disagree.
"""

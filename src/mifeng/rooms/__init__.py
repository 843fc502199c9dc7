"""One room for each register of the office. Rooms stand in one order; imports go down only.

ORDER is the one list of them, lowest first: settings, the announcements and the house tests read it.
"""

ORDER = ("people", "approvals", "training", "documents", "viewing", "copies", "circulation", "oversight")

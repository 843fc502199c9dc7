"""The life of a copy: which event leads from which state to which. The table is all there is to it. Pure."""

from collections.abc import Mapping
from datetime import datetime

from mifeng.engines.access import Decision
from mifeng.rooms.copies.facts import AWAY, EVENT_WORDS, GONE, KEPT, LOST, STATE_WORDS, STATE_WORDS_EN, Event, State

LIVE = frozenset(State) - GONE
AT_HAND = frozenset({State.DESK, State.STORED, State.ARCHIVED})  # what may leave the cupboard

# Event -> (states it may begin in, state it leads to; None = the state stays). Whatever is not here does not happen.
TABLE: Mapping[Event, tuple[frozenset[State], State | None]] = {
    Event.NUMBER: (frozenset(), State.NUMBERED),
    Event.STORE: (frozenset({State.NUMBERED, State.DESK, State.STORED, State.FOUND}), State.STORED),
    Event.ISSUE: (AT_HAND | {State.NUMBERED}, State.ISSUED),
    Event.CIRCULATE: (AT_HAND, State.CIRCULATING),
    Event.LEND: (AT_HAND, State.LENT),
    Event.RENEW: (frozenset({State.LENT}), State.LENT),
    Event.CARRY_OUT: (AT_HAND | {State.ISSUED, State.LENT}, State.OUT),
    Event.SEND_OUT: (AT_HAND | {State.NUMBERED}, State.EXTERNAL),
    Event.TAKE_TO_MEETING: (AT_HAND | {State.NUMBERED}, State.MEETING),
    Event.DELIVER: (frozenset({State.ISSUED}), State.ISSUED),
    Event.RETURN: (AWAY, State.DESK),
    Event.HAND_OVER: (LIVE - LOST, None),
    Event.TAKE_OVER: (LIVE - LOST, None),
    Event.SET_ASIDE: (AT_HAND, State.SET_ASIDE),
    Event.RELEASE: (frozenset({State.SET_ASIDE}), State.DESK),
    Event.DESTROY: (frozenset({State.SET_ASIDE}), State.DESTROYED),
    Event.ARCHIVE: (frozenset({State.DESK, State.STORED}), State.ARCHIVED),
    Event.MISS: (KEPT | AWAY, State.MISSING),
    Event.FIND: (LOST, State.FOUND),
    Event.LEAK: (frozenset({State.MISSING}), State.LEAKED),
    Event.SURRENDER: (frozenset({State.DESK, State.STORED}), State.SURRENDERED),
    Event.REMARK: (LIVE, None),
    Event.SEE: (KEPT | AWAY, None),
    Event.CORRECT: (LIVE, None),
    Event.VOID: (frozenset({State.NUMBERED}), State.VOID),
    Event.WITHDRAW: (frozenset({State.NUMBERED, State.DESK, State.STORED}), State.VOID),
}
# What cannot be taken back: it is over, it was seen, or it is said otherwise (作废 for a number, 找回 for a loss).
FINAL = frozenset({
    Event.NUMBER, Event.VOID, Event.WITHDRAW, Event.DESTROY, Event.MISS, Event.LEAK, Event.SEE, Event.TAKE_OVER, Event.TAKE_BACK,
    Event.CORRECT,
})  # fmt: skip


def may_happen(state: State | None, event: Event) -> Decision:
    """May this happen to a copy that stands so? None = there is no copy yet."""
    begins, _ends = TABLE[event]
    if (state is None and event is Event.NUMBER) or state in begins:
        return Decision.permit("copy_event", "G4.1")
    word, en = (STATE_WORDS[state], STATE_WORDS_EN[state]) if state else ("未编号", "not numbered")
    if state in GONE:
        return Decision.refuse("copy_is_gone", "G4.5", f"此份{word},不再办理", en=f"This copy is {en}; nothing more is done with it.")
    zh = f"此份现为“{word}”,不能办理{EVENT_WORDS[event]}"
    return Decision.refuse("copy_state", "G4.1", zh, en=f"This copy is {en}; that cannot be done with it now.")


def after(state: State | None, event: Event) -> State:
    """The state that the event leads to, where it may happen."""
    ends = TABLE[event][1]
    if ends is None:
        assert state is not None  # only a copy that is there keeps its state
        return state
    return ends


def late(due: datetime | None, now: datetime) -> bool:
    """A copy is late once the instant is over at which it was to be back; without one it is never late."""
    return due is not None and due <= now

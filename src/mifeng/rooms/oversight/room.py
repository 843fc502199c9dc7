"""What the room announces to the house."""

from django.utils.translation import gettext_lazy as _

from mifeng.base.room import Entry, Room
from mifeng.rooms.oversight import actions, reminders

AUDITOR = frozenset({"auditor"})

room = Room(
    name="oversight",
    label=_("检查"),
    order=90,
    menu=(
        Entry(_("留痕"), "/oversight/", "file-search", posts=AUDITOR, group=_("检查")),
        Entry(_("验证"), "/oversight/proofs/", "shield-check", posts=AUDITOR, group=_("检查")),
    ),
    deeds=(
        actions.search_log, actions.verify_log, actions.export_bundle, actions.open_entry,
        actions.confirm_clock, actions.clock_alarm, actions.remind,
    ),
    daily=(reminders.remind_all,),
)

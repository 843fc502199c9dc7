"""撤回 of a line that was just written: one rule for every book of paper, the copies' ledgers and those of the counter. Pure."""

from datetime import timedelta

from mifeng.clauses import enforces
from mifeng.engines.access import Decision
from mifeng.rooms.copies.facts import Written

WITHIN = timedelta(minutes=10)


@enforces("G4.4")
def may_take_back(line: Written) -> Decision:
    """认真登记三密文件的收与发。

    Within ten minutes, by whoever wrote it, while nobody has gone on from it; after that an entry is corrected.
    """
    if line.final:
        return Decision.refuse("not_taken_back", "G4.4", "这一步不能撤回,有误时另行更正或作废")
    if not line.own:
        return Decision.refuse("own_line_only", "G4.4", "只能由登记人本人撤回")
    if line.gone_on:
        return Decision.refuse("acted_upon", "G4.4", "已有后续办理或签收,不能撤回,有误时请更正")
    if line.since > WITHIN:
        return Decision.refuse("too_late", "G4.4", "超过10分钟,不能撤回,有误时请更正")
    return Decision.permit("may_take_back", "G4.4")

"""How kept: levelled content exists only encrypted, in the vault."""

from mifeng.clauses import enforces
from mifeng.engines.access import Decision, Level


@enforces("T4")
def may_store(in_vault: bool) -> Decision:
    """存于计算机的秘密要有严格措施。

    Bytes of an item lie in the vault or nowhere.
    """
    if in_vault:
        return Decision.permit("may_store", "T4")
    return Decision.refuse("vault_only", "T4", "内容只能存入保密库")


@enforces("C6.1")
def lacks_custodian(line: str, level: int, live: bool, owner_active: bool) -> bool:
    """涉密业务统计资料妥善保管。

    True for a live levelled paper of the line of statistics whose custodian has left: a deficiency until somebody takes it.
    """
    return live and level >= Level.CONFIDENTIAL and line == "statistics" and not owner_active


@enforces("C10.2")
def may_open(vault_open: bool) -> Decision:
    """重要文件须加密。

    While the vault is sealed nobody opens anything, whatever he may do otherwise.
    """
    if vault_open:
        return Decision.permit("may_open", "C10.2")
    return Decision.refuse("sealed", "C10.2", "系统未启封")

"""Words of the regulation pages."""

from django.utils.translation import gettext_lazy as _

KEPT_BY = {"rule": _("规则"), "register": _("登记"), "inspection": _("检查")}
STATUS = {"source": _("原文"), "source-truncated": _("原文至此中断"), "inferred": _("按通行制度补全")}
# Units of the figures as they stand behind the number.
UNITS = {
    "days": _("天"), "working days": _("个工作日"), "hours": _("小时"), "minutes": _("分钟"), "seconds": _("秒"), "months": _("个月"),
    "years": _("年"), "pages": _("页"), "points": _("分"), "tries": _("次"), "refusals": _("次"), "changes": _("次"),
    "renewals": _("次"), "resits": _("次"), "passwords": _("个"), "MB": "MB",
}  # fmt: skip
# Policies that a company chooses from.
VALUES = {
    "review": _("到期审查"), "auto_internal": _("到期转为内部"), "warn": _("只提醒"), "enforce": _("执行"), "off": _("不用"),
    "when_present": _("有则用"), "required": _("必须"),
}  # fmt: skip

# The room that keeps a clause, as the office calls it; also of rooms that do not stand yet.
ROOMS = {
    "people": _("人员"), "training": _("教育"), "approvals": _("审批"), "documents": _("文件"), "viewing": _("阅览"),
    "oversight": _("检查"), "copies": _("份与载体"), "circulation": _("收发传阅"), "drafts": _("拟稿"),
    "meetings": _("会议"), "personnel": _("人事"), "leaders": _("领导事务"), "sites": _("要害部位"),
    "equipment": _("密品"), "seals": _("用印"), "disclosure": _("对外提供"), "incidents": _("泄密事件"),
    "computers": _("计算机"), "departures": _("离岗离职"),
}  # fmt: skip

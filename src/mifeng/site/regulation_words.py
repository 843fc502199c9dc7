"""Words of the regulation pages."""

BOOKS = {
    "P": "准则和要求", "D": "文档保密", "L": "领导保密", "H": "人事保密", "A": "事务保密", "T": "技术保密", "G": "保密准则",
    "S": "保密范围", "K": "密级的划分", "M": "保密措施", "C": "保密规定", "I": "信息系统安全", "E": "会议保密",
}  # fmt: skip
KEPT_BY = {"rule": "规则", "register": "登记", "inspection": "检查"}
STATUS = {"source": "原文", "source-truncated": "原文至此中断", "inferred": "按通行制度补全"}

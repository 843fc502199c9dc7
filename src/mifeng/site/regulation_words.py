"""Words of the regulation pages."""

KEPT_BY = {"rule": "规则", "register": "登记", "inspection": "检查"}
STATUS = {"source": "原文", "source-truncated": "原文至此中断", "inferred": "按通行制度补全"}

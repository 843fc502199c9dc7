"""Words of the regulation pages."""

from django.utils.translation import gettext_lazy as _

KEPT_BY = {"rule": _("规则"), "register": _("登记"), "inspection": _("检查")}
STATUS = {"source": _("原文"), "source-truncated": _("原文至此中断"), "inferred": _("按通行制度补全")}

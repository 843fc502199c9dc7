"""What each deed is called in the log's answers."""

from django.utils.translation import gettext_lazy as _

DEEDS = {
    "people:found": _("建立公司"), "people:add_person": _("登记人员"), "people:activate_account": _("启用账号"),
    "people:close_account": _("关闭账号"), "people:set_clearance": _("变更涉密等级"), "people:assign_post": _("登记岗位"),
    "people:end_post": _("结束岗位"), "people:appoint": _("委托"), "people:revoke_appointment": _("撤销委托"),
    "approvals:delegate": _("授权委托"), "approvals:end_delegation": _("结束授权委托"),
    "people:register_device": _("登记设备"), "people:revoke_device": _("停用设备"),
    "people:first_codes": _("发首次启用码"), "people:sign_in": _("登录"), "people:enter_demo": _("演示登录"),
    "people:sign_out": _("退出登录"), "people:unlock": _("解锁"), "people:prove_again": _("第二验证"),
    "people:change_password": _("更换口令"), "people:begin_totp": _("开始绑定验证器"), "people:confirm_totp": _("绑定验证器"),
    "people:ask_reset": _("申请口令重置"), "people:sign_reset": _("签字重置口令"), "people:use_code": _("用启用码"),
    "people:set_preferences": _("改显示设置"), "people:meet_device": _("新终端首次来访"), "people:check_person": _("核对人员数据"),
    "people:enter_calendar": _("录入工作日历"), "people:note_exposed": _("记下口令外露"),
    "people:see_notices": _("看过通知"), "people:unseal": _("启封"),
    "oversight:confirm_clock": _("确认时钟"), "oversight:clock_alarm": _("本机时钟被改"),
    "people:meet_tampering": _("遇见被改的数据"),
    "record:states": _("上条记录的续记"),
    "approvals:list": _("看审批单"), "approvals:open": _("打开审批单"), "approvals:approve": _("批准"),
    "approvals:return": _("退回"), "approvals:withdraw": _("撤回"),
    "approvals:revoke": _("撤销批准"), "approvals:lapse": _("批准失效"), "approvals:replace": _("补发准予"),
    "approvals:load_matrix": _("录入审批权限表"), "approvals:propose_matrix": _("提出变更审批权限表"),
    "approvals:decide_matrix": _("决定审批权限表变更"),
    "training:sign_pledge": _("签署承诺书"), "training:acknowledge": _("确认制度"), "training:issue_rules": _("印发制度"),
    "training:record_test": _("登记考核"),
    "documents:register": _("登记文件"), "documents:propose": _("再送定密"), "documents:classify": _("定密"),
    "documents:ask_change": _("送审变更"), "documents:attach_version": _("换文件"), "documents:correct": _("更正"),
    "documents:declassify": _("解密"), "documents:drop_upload": _("丢弃上传"), "documents:open_embargo": _("设定禁言"),
    "documents:end_embargo": _("成文发布"), "documents:expire": _("到期转待审"), "documents:file_converted": _("文件转成页面"),
    "documents:list": _("看密件登记簿"), "documents:search": _("检索"), "documents:open_card": _("打开文件卡"),
    "documents:narrow_scope": _("缩小知悉范围"), "documents:widen_scope": _("申请扩大知悉范围"), "documents:share": _("送审扩大范围"),
    "documents:receive_file": _("收到上传"), "documents:record_briefing": _("登记口头传达"), "documents:record_mistake": _("登记误知"),
    "documents:record_verbal": _("登记口头许可"),
    "documents:rewrapped": _("换密钥封装"), "documents:stand": _("系列定密"),
    "documents:object_standing": _("对系列定密提异议"), "documents:take_custody": _("接管文件"),
    "documents:take_over": _("旧件补登"), "documents:who_knows": _("查谁知悉"), "documents:what_knows": _("查某人知悉"),
    "documents:enter_mistake": _("代登误知"), "documents:declare_side": _("设定隔离"), "documents:freeze": _("冻结文件"),
    "documents:confirm_freeze": _("确认冻结"), "documents:unfreeze": _("解冻文件"), "documents:thaw": _("冻结到时解除"),
    "documents:offer_custody": _("移交保管"), "documents:accept_custody": _("签收保管"), "documents:decline_custody": _("不接保管"),
    "documents:end_custody": _("解除专人保管"), "documents:decide_opening": _("决定应急开柜"),
    "documents:open_opening": _("看应急开柜"), "documents:count_opening": _("开柜清点"),
    "documents:witness_opening": _("见证开柜"), "documents:name_interim": _("指定临时保管人"),
    "documents:take_interim": _("临时保管签收"), "documents:review_opening": _("复核应急开柜"),
    "documents:withdraw_sealed": _("撤回禁言事项"),
    "viewing:open_document": _("打开阅览"), "viewing:open_page": _("阅览页面"), "viewing:acknowledge": _("签已阅"),
    "oversight:search": _("查问日志"), "oversight:open_entry": _("看一条日志"), "oversight:verify": _("验证日志"),
    "oversight:export": _("取走证据包"), "site:open_register": _("查阅登记簿"), "site:print_register": _("打印登记簿"),
    "site:open_desk": _("打开待办台"),
    "site:retry_job": _("重做作业"), "site:drop_job": _("放弃作业"), "oversight:remind": _("到期提醒"),
}  # fmt: skip

# The kinds of deed that a question may be limited to.
KINDS = {
    "": _("任何事"), "viewing:": _("阅览"), "documents:": _("办文件"), "approvals:": _("办审批"), "people:": _("动账号与权限"),
    "training:": _("办教育承诺"), "oversight:": _("查日志"), "site:": _("查阅或打印登记簿"),
}  # fmt: skip
OUTS = {"allowed": ("ok", _("准")), "refused": ("bad", _("拒")), "failed": ("warn", _("出错"))}

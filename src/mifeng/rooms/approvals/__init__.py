"""审批: everything that needs somebody's leave runs through this room.

It keeps requests, the steps taken on them, delegations and the grants that come out of them. Who must say yes stands
in the matrix of the regulation; who that is today, and who stands in for him, `rules.resolve` tells from posts,
departments and delegations. A request goes from 草稿 to 关闭 along one table (`rules.TABLE`); what the table does not
list is refused. 申请人、批准人、执行人、监督人 are different persons. A house with a dead end does not start:
`matrix.dead_ends` asks for every act, level, department and applicant whether somebody decides. A yes lets one person
do one act on one item, so often, until then. The room owns no clause: it serves them all, and a refusal names the
clause of the act. Words: 申请, 批准, 退回, 撤回, 失效, 撤销, 申请人即本级 (passed over), 并级 (merged), 代 (acting).
"""

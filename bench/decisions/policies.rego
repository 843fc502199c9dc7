# The rule table of docs/spec/access.md in Rego, over the same facts and relations that `decide` is handed.
package access

asked_for := {"apply_copy", "apply_excerpt", "apply_print", "apply_lend", "apply_carry_out"}

carried_out := {"copy", "excerpt", "print", "lend", "carry_out"}

handed_out := {"copy", "excerpt", "print", "lend", "carry_out", "external"}

set_excl if input.excl != null

set_applicant if input.applicant != null

own_approval if input.approver == input.pid

own_approval if {
	set_applicant
	input.approver == input.applicant
}

stale if {
	input.level >= 20
	input.fresh_until <= input.now
}

stale if {
	input.level >= 30
	input.fresh_top_until <= input.now
}

deny contains "deny-left" if not input.active

deny contains "deny-duty" if {
	input.role != 0
	input.level >= 10
}

deny contains "deny-duty-scope" if {
	input.act != "decide"
	input.role != 0
	input.level < 10
	not input.scope
}

deny contains "deny-dead" if not input.live

deny contains "deny-self" if {
	input.sealed
	input.concerned
}

deny contains "deny-sealed" if {
	input.sealed
	not input.handler
}

deny contains "deny-frozen" if {
	input.frozen
	not input.frozen_team
}

deny contains "deny-wall" if input.walled

deny contains "deny-level" if input.clearance < input.level

deny contains "deny-pledge" if {
	input.level >= 10
	input.pledge_until <= input.now
}

deny contains "deny-rules" if {
	input.level >= 10
	not input.rules_read
}

deny contains "deny-password" if {
	input.level >= 10
	input.password_until <= input.now
}

deny contains "deny-device" if {
	input.act != "decide"
	input.device_cap < input.level
}

deny contains "deny-stale" if stale

deny contains "deny-session" if not input.session_ok

deny contains "deny-custody" if {
	input.act != "register_facts"
	set_excl
	input.excl != input.pid
}

deny contains "deny-custody-facts" if {
	input.act == "register_facts"
	set_excl
	input.excl != input.pid
	not input.opening
}

deny contains "deny-training" if {
	asked_for[input.act]
	input.level >= 20
	input.trained_until <= input.now
}

deny contains "deny-undesignated" if {
	carried_out[input.act]
	not input.appointed
}

deny contains "deny-applicant" if {
	handed_out[input.act]
	set_applicant
	input.applicant == input.pid
}

deny contains "deny-approver" if {
	handed_out[input.act]
	input.approver != null
	own_approval
}

deny contains "deny-recopy" if {
	{"copy", "print", "excerpt"}[input.act]
	input.no_copy
}

deny contains "deny-place" if {
	{"apply_carry_out", "carry_out"}[input.act]
	input.destination != null
	input.destination >= 8
}

deny contains "deny-nowhere" if {
	input.act == "carry_out"
	input.destination == null
}

permit contains "permit-custody" if {
	input.act == "read"
	set_excl
	input.excl == input.pid
}

permit contains "permit-handler" if {
	input.act == "read"
	input.sealed
	input.handler
}

permit contains "permit-scope" if {
	input.act == "read"
	input.scope
}

permit contains "permit-grant-read" if {
	input.act == "read"
	input.grant
}

permit contains "permit-judge" if {
	{"read", "decide"}[input.act]
	input.judge
}

permit contains "permit-ask" if {
	asked_for[input.act]
	input.scope
}

permit contains "permit-execute" if {
	carried_out[input.act]
	input.appointed
	input.grant
	set_applicant
}

permit contains "permit-handle" if {
	input.act == "register_facts"
	input.appointed
	not input.sealed
}

permit contains "permit-opening" if {
	input.act == "register_facts"
	set_excl
	input.opening
	not input.sealed
}

permit contains "permit-out" if {
	input.act == "external"
	input.grant
	input.grant_by_gm
	set_applicant
}

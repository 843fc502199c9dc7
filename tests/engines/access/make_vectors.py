"""Writes vectors/access/*.txt from the sentences below. Expectations are written by hand, never computed.

Usage: python -m tests.engines.access.make_vectors, at the root of the house. Golden: read the difference.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "vectors/access"
EVER = 2**40
STANDARD = {
    "subject.pid": 7, "subject.clearance": 20, "subject.role": 0, "subject.active": 1, "subject.pledge_until": EVER,
    "subject.trained_until": EVER, "subject.rules_read": 1, "subject.keys": "1:0 2:7",
    "context.now": 1_000_000, "context.device_cap": 20, "context.fresh_until": 1_028_800,
    "context.fresh_top_until": 1_001_800, "context.password_until": 2_000_000, "context.session_ok": 1,
    "item.id": 8, "item.level": 20, "item.aset": 3, "item.live": 1, "item.frozen": 0, "item.sealed": 0,
    "item.excl": "none", "item.dept": 4, "item.no_copy": 0, "item.kind": 0,
    "deed.applicant": "none", "deed.approver": "none", "deed.destination": "none",
}  # fmt: skip
SHORT = {name.split(".")[1]: name for name in STANDARD}

# name | act | relations | what differs from the standard case | what must come out
# allowed RULE CLAUSE [; flag RULE CLAUSE], or: refused shown|hidden RULE CLAUSE, RULE CLAUSE … in naming order
DECISIONS = """
scope_reads | read | scope | | allowed permit-scope P0.2
outside_the_scope | read | | | refused hidden default P0.2
outside_at_internal | read | | level=5 | refused hidden default P0.2
outside_at_public | read | | level=0 | refused hidden default P0.2
scope_reads_internal | read | scope | level=5 | allowed permit-scope P0.2
scope_reads_public | read | scope | level=0 | allowed permit-scope P0.2
clearance_alone_is_not_enough | read | | clearance=30 | refused hidden default P0.2
left | read | scope | active=0 | refused hidden deny-left I8
left_and_outside | read | | active=0 | refused hidden deny-left I8, default P0.2
left_at_internal | read | scope | active=0 level=5 | refused hidden deny-left I8
left_approver | decide | judge | active=0 | refused hidden deny-left I8
left_executor | copy | appointed grant | active=0 applicant=9 | refused hidden deny-left I8
duty_sysadmin_at_confidential | read | scope | role=1 level=10 | refused hidden deny-duty M1.2
duty_secadmin_at_highly_confidential | read | scope | role=2 | refused hidden deny-duty M1.2
duty_auditor_at_top_secret | read | scope | role=3 clearance=30 level=30 device_cap=30 | refused hidden deny-duty M1.2
duty_sysadmin_handler | read | handler | role=1 sealed=1 | refused hidden deny-duty M1.2
duty_sysadmin_custodian | read | | role=1 excl=7 | refused hidden deny-duty M1.2
duty_sysadmin_register_facts | register_facts | appointed | role=1 level=10 | refused hidden deny-duty M1.2
duty_auditor_decides | decide | judge | role=3 level=10 | refused hidden deny-duty M1.2
duty_sysadmin_external | external | grant grant_by_gm | role=1 applicant=9 | refused hidden deny-duty M1.2
duty_sysadmin_reads_internal | read | scope | role=1 level=5 | allowed permit-scope P0.2
duty_sysadmin_internal_by_grant | read | grant | role=1 level=5 | refused hidden deny-duty-scope M1.2
duty_auditor_internal_by_judging | read | judge | role=3 level=5 | refused hidden deny-duty-scope M1.2
duty_secadmin_internal_in_custody | read | | role=2 level=5 excl=7 | refused hidden deny-duty-scope M1.2
duty_sysadmin_outside_internal | read | | role=1 level=5 | refused hidden deny-duty-scope M1.2, default P0.2
duty_secadmin_decides_a_reset | decide | judge | role=2 level=5 | allowed permit-judge M2.1
dead_for_its_scope | read | scope | live=0 | refused hidden deny-dead G4.5
dead_for_its_custodian | read | | live=0 excl=7 | refused hidden deny-dead G4.5
dead_for_the_register | register_facts | appointed | live=0 | refused hidden deny-dead G4.5
dead_is_not_printed | print | appointed grant | live=0 applicant=9 | refused hidden deny-dead G4.5
concerned_though_handler | read | handler concerned | sealed=1 | refused hidden deny-self A2
concerned_though_in_scope | read | scope concerned | sealed=1 | refused hidden deny-self A2, deny-sealed H2
concerned_at_internal | read | handler concerned | sealed=1 level=5 | refused hidden deny-self A2
concerned_does_not_decide | decide | judge concerned handler | sealed=1 | refused hidden deny-self A2
concerned_custodian | read | concerned handler | sealed=1 excl=7 | refused hidden deny-self A2
concerned_after_issue | read | scope concerned | | allowed permit-scope P0.2
sealed_for_its_scope | read | scope | sealed=1 | refused hidden deny-sealed H2
sealed_for_its_handler | read | handler | sealed=1 | allowed permit-handler H2
sealed_for_a_handler_in_scope | read | handler scope | sealed=1 | allowed permit-handler H2
sealed_and_granted | read | grant | sealed=1 | refused hidden deny-sealed H2
sealed_and_judged | decide | judge | sealed=1 | refused hidden deny-sealed H2
sealed_judged_by_a_handler | decide | judge handler | sealed=1 | allowed permit-judge M2.1
sealed_for_the_register | register_facts | appointed | sealed=1 | refused hidden deny-sealed H2, default-facts M1.1
opening_at_a_stale_factor | register_facts | opening | excl=9 fresh_until=0 | refused shown deny-stale I6.2
opening_at_a_bad_device | register_facts | opening | excl=9 device_cap=10 | refused shown deny-device D5
opening_by_a_locked_session_in_scope | register_facts | opening scope | excl=9 session_ok=0 | refused shown deny-session I7.2
custody_of_another_in_scope_register_facts | register_facts | scope appointed | excl=9 session_ok=0 | refused hidden deny-session I7.2, deny-custody-facts G4.1
duty_secadmin_decides_at_a_locked_session | decide | judge | role=2 level=5 session_ok=0 | refused shown deny-session I7.2
duty_secadmin_who_does_not_decide | decide | | role=2 level=5 | refused hidden default-decide P0.2
duty_secadmin_handles_and_does_not_decide | decide | handler | role=2 level=5 sealed=1 | refused hidden default-decide P0.2
duty_secadmin_in_scope_does_not_decide | decide | scope | role=2 level=5 | refused shown default-decide P0.2
sealed_register_facts_of_a_handler | register_facts | appointed handler | sealed=1 | refused shown default-facts M1.1
handler_after_issue | read | handler | | refused hidden default P0.2
handler_applies_without_scope | apply_copy | handler | sealed=1 | refused shown default P0.2
frozen_for_its_scope | read | scope | frozen=1 | refused hidden deny-frozen M7.1
frozen_for_the_team_in_scope | read | scope frozen_team | frozen=1 | allowed permit-scope P0.2
frozen_for_the_team_outside | read | frozen_team | frozen=1 | refused hidden default P0.2
frozen_is_not_applied_for | apply_copy | scope | frozen=1 | refused hidden deny-frozen M7.1
frozen_is_not_copied | copy | appointed grant | frozen=1 applicant=9 | refused hidden deny-frozen M7.1
level_above_clearance | read | scope | level=30 device_cap=30 | refused hidden deny-level K1.0
level_top_secret_cleared | read | scope | clearance=30 level=30 device_cap=30 | allowed permit-scope P0.2
level_10_for_clearance_5 | read | scope | level=10 clearance=5 | refused hidden deny-level K1.0
level_10_for_clearance_10 | read | scope | level=10 clearance=10 | allowed permit-scope P0.2
level_5_for_clearance_0 | read | scope | level=5 clearance=0 | refused hidden deny-level K1.0
level_and_custody | read | | clearance=10 excl=7 | refused hidden deny-level K1.0
level_and_grant | read | grant | clearance=10 | refused hidden deny-level K1.0
level_and_judging | decide | judge | clearance=10 | refused hidden deny-level K1.0
level_and_register_facts | register_facts | appointed | clearance=10 | refused hidden deny-level K1.0
level_and_borrowing | apply_lend | scope | clearance=10 | refused hidden deny-level K1.0
level_between_two_of_a_scheme | read | scope | level=15 clearance=10 | refused hidden deny-level K1.0
pledge_ends_now | read | scope | pledge_until=1000000 | refused hidden deny-pledge P0.1
pledge_ends_in_a_second | read | scope | pledge_until=1000001 | allowed permit-scope P0.2
pledge_never_signed | read | scope | pledge_until=0 level=10 | refused hidden deny-pledge P0.1
pledge_not_asked_at_internal | read | scope | pledge_until=0 level=5 | allowed permit-scope P0.2
rules_not_acknowledged | read | scope | rules_read=0 level=10 | refused hidden deny-rules G1
rules_not_asked_at_internal | read | scope | rules_read=0 level=5 | allowed permit-scope P0.2
pledge_and_rules | read | scope | pledge_until=0 rules_read=0 | refused hidden deny-pledge P0.1, deny-rules G1
password_ends_now | read | scope | password_until=1000000 | refused shown deny-password I6.3
password_ends_in_a_second | read | scope | password_until=1000001 | allowed permit-scope P0.2
password_not_asked_at_internal | read | scope | password_until=0 level=5 | allowed permit-scope P0.2
password_and_outside | read | | password_until=0 | refused hidden deny-password I6.3, default P0.2
password_of_an_approver | decide | judge | password_until=0 | refused shown deny-password I6.3
password_60_days_over_february | read | scope | changed=2026-01-01 now=2026-03-02T00:00:00+08:00 | refused shown deny-password I6.3
password_58_days_over_february | read | scope | changed=2026-01-01 now=2026-02-28T12:00:00+08:00 | allowed permit-scope P0.2
password_59_days_over_february | read | scope | changed=2026-01-01 now=2026-03-01T23:59:59+08:00 | allowed permit-scope P0.2
password_58_days | read | scope | changed=2026-07-01 now=2026-08-28T12:00:00+08:00 | allowed permit-scope P0.2
password_59_days | read | scope | changed=2026-07-01 now=2026-08-29T12:00:00+08:00 | allowed permit-scope P0.2
password_60_days | read | scope | changed=2026-07-01 now=2026-08-30T23:59:59+08:00 | allowed permit-scope P0.2
password_61_days | read | scope | changed=2026-07-01 now=2026-08-31T00:00:00+08:00 | refused shown deny-password I6.3
password_61_days_at_confidential | read | scope | level=10 changed=2026-07-01 now=2026-08-31T00:00:00+08:00 | refused shown deny-password I6.3
password_61_days_at_internal | read | scope | level=5 changed=2026-07-01 now=2026-08-31T00:00:00+08:00 | allowed permit-scope P0.2
password_new_year_eve_last_day | read | scope | changed=2025-12-31 now=2026-02-28T23:59:59+08:00 | allowed permit-scope P0.2
password_new_year_eve_over | read | scope | changed=2025-12-31 now=2026-03-01T00:00:00+08:00 | refused shown deny-password I6.3
password_leap_year_last_day | read | scope | changed=2024-01-01 now=2024-03-01T23:59:59+08:00 | allowed permit-scope P0.2
password_leap_year_over | read | scope | changed=2024-01-01 now=2024-03-02T00:00:00+08:00 | refused shown deny-password I6.3
password_leap_day_last_day | read | scope | changed=2023-12-31 now=2024-02-29T23:59:59+08:00 | allowed permit-scope P0.2
password_leap_day_over | read | scope | changed=2023-12-31 now=2024-03-01T00:00:00+08:00 | refused shown deny-password I6.3
device_below_the_level | read | scope | device_cap=10 | refused shown deny-device D5
device_unregistered_at_internal | read | scope | device_cap=5 level=5 | allowed permit-scope P0.2
device_unregistered_at_confidential | read | scope | device_cap=5 level=10 | refused shown deny-device D5
device_none_at_internal | read | scope | device_cap=0 level=5 | refused shown deny-device D5
device_desk_at_top_secret | read | scope | clearance=30 level=30 | refused shown deny-device D5
device_and_outside | read | | device_cap=5 | refused hidden deny-device D5, default P0.2
device_not_asked_for_deciding | decide | judge | device_cap=0 | allowed permit-judge M2.1
device_asked_for_judged_pages | read | judge | device_cap=5 | refused shown deny-device D5
device_of_the_clerk | register_facts | appointed | device_cap=5 level=10 | refused shown deny-device D5
device_and_showing | read | grant | device_cap=5 | refused shown deny-device D5
factor_ends_now | read | scope | fresh_until=1000000 | refused shown deny-stale I6.2
factor_ends_in_a_second | read | scope | fresh_until=1000001 | allowed permit-scope P0.2
factor_not_asked_at_confidential | read | scope | level=10 fresh_until=0 | allowed permit-scope P0.2
factor_top_secret_ends_now | read | scope | clearance=30 level=30 device_cap=30 fresh_top_until=1000000 | refused shown deny-stale I6.2
factor_top_secret_ends_in_a_second | read | scope | clearance=30 level=30 device_cap=30 fresh_top_until=1000001 | allowed permit-scope P0.2
factor_half_hour_not_asked_below | read | scope | fresh_top_until=0 | allowed permit-scope P0.2
factor_of_an_approver | decide | judge | fresh_until=0 | refused shown deny-stale I6.2
session_locked | read | scope | session_ok=0 level=5 | refused shown deny-session I7.2
session_locked_outside | read | | session_ok=0 | refused hidden deny-session I7.2, default P0.2
session_locked_while_deciding | decide | judge | session_ok=0 | refused shown deny-session I7.2
custody_of_another | read | scope | excl=9 | refused hidden deny-custody G4.1
custody_of_another_and_grant | read | grant | excl=9 | refused hidden deny-custody G4.1
custody_of_another_and_judging | decide | judge | excl=9 | refused hidden deny-custody G4.1
custody_of_another_and_register_facts | register_facts | appointed | excl=9 | refused hidden deny-custody-facts G4.1
custody_own | read | | excl=7 | allowed permit-custody G4.1
custody_own_in_scope | read | scope | excl=7 | allowed permit-custody G4.1
custody_own_does_not_apply | apply_copy | | excl=7 | refused shown default P0.2
custody_of_another_outside | read | | excl=9 | refused hidden deny-custody G4.1, default P0.2
custody_of_a_lower_number_outside | read | | excl=6 | refused hidden deny-custody G4.1, default P0.2
custody_of_a_lower_number | read | scope | excl=6 | refused hidden deny-custody G4.1
custody_of_nobody_is_nobodys | read | | pid=-1 | refused hidden default P0.2
training_ends_now | apply_copy | scope | trained_until=1000000 | refused shown deny-training I12
training_ends_in_a_second | apply_copy | scope | trained_until=1000001 | allowed permit-ask M2.1
training_not_asked_at_confidential | apply_lend | scope | trained_until=0 level=10 | allowed permit-ask C3
training_does_not_cut_reading | read | scope | trained_until=0 | allowed permit-scope P0.2; flag-training I12
training_flags_at_its_end | read | scope | trained_until=1000000 | allowed permit-scope P0.2; flag-training I12
training_flags_nothing_a_second_before | read | scope | trained_until=1000001 | allowed permit-scope P0.2
training_flags_nothing_at_confidential | read | scope | trained_until=0 level=10 | allowed permit-scope P0.2
training_flags_no_refusal | read | | trained_until=0 | refused hidden default P0.2
training_flags_no_other_act | decide | judge | trained_until=0 | allowed permit-judge M2.1
walled_in_scope | read | scope walled | | refused hidden deny-wall P1.1
walled_at_public | read | scope walled | level=0 | refused hidden deny-wall P1.1
walled_handler | read | handler walled | sealed=1 | refused hidden deny-wall P1.1
walled_custodian | read | walled | excl=7 | refused hidden deny-wall P1.1
walled_and_shown | read | grant walled | | refused hidden deny-wall P1.1
walled_team | read | scope frozen_team walled | frozen=1 | refused hidden deny-wall P1.1
walled_and_outside | read | walled | | refused hidden deny-wall P1.1, default P0.2
opening_counts | register_facts | opening | excl=9 | allowed permit-opening G4.1
opening_counts_by_appointment | register_facts | opening appointed | excl=9 | allowed permit-handle M1.1
opening_reads_nothing | read | opening | excl=9 | refused hidden deny-custody G4.1, default P0.2
opening_reads_nothing_in_scope | read | opening scope | excl=9 | refused hidden deny-custody G4.1
opening_copies_nothing | copy | opening appointed grant | excl=9 applicant=9 approver=3 | refused hidden deny-custody G4.1
opening_decides_nothing | decide | opening judge | excl=9 | refused hidden deny-custody G4.1
opening_of_nothing_in_custody | register_facts | opening | | refused hidden default-facts M1.1
opening_under_embargo | register_facts | opening handler | excl=9 sealed=1 | refused hidden default-facts M1.1
opening_by_the_custodian | register_facts | opening | excl=7 | allowed permit-opening G4.1
opening_above_clearance | register_facts | opening | excl=9 clearance=10 | refused hidden deny-level K1.0
opening_by_an_officer | register_facts | opening | excl=9 role=3 | refused hidden deny-duty M1.2
custodian_registers_by_appointment | register_facts | appointed | excl=7 | allowed permit-handle M1.1
custodian_asks_for_register_facts | register_facts | | excl=7 | refused shown default-facts M1.1
opening_by_another | register_facts | appointed | excl=9 | refused hidden deny-custody-facts G4.1
approver_carries_out | copy | appointed grant | applicant=9 approver=7 | refused shown deny-approver M2.1
approver_is_the_applicant | print | appointed grant | applicant=9 approver=9 | refused shown deny-approver M2.1
approver_hands_over | external | grant grant_by_gm | applicant=9 approver=7 | refused shown deny-approver M2.1
approver_asked_for_himself_abroad | external | grant grant_by_gm | applicant=9 approver=9 | refused shown deny-approver M2.1
approver_of_his_own_who_carries_out | lend | appointed grant | applicant=7 approver=7 | refused shown deny-applicant M2.1, deny-approver M2.1
approver_without_applicant | carry_out | appointed grant | approver=7 destination=1 | refused hidden deny-approver M2.1, default-act C5.2
approver_is_a_third | excerpt | appointed grant | applicant=9 approver=3 | allowed permit-execute M2.1
approver_reads | read | scope | applicant=9 approver=7 | allowed permit-scope P0.2
training_of_the_executor_is_not_asked | print | appointed grant | trained_until=0 applicant=9 | allowed permit-execute C2.2
undesignated_in_scope_with_grant | copy | scope grant | applicant=9 | refused shown deny-undesignated M1.1, default-act M2.1
undesignated_in_scope_prints | print | scope | | refused shown deny-undesignated M1.1, default-act C2.2
undesignated_outside | lend | | | refused hidden deny-undesignated M1.1, default-act C3
undesignated_carries_out | carry_out | scope | destination=2 | refused shown deny-undesignated M1.1, default-act C5.2
undesignated_excerpts | excerpt | scope grant | applicant=9 | refused shown deny-undesignated M1.1, default-act M2.1
execute_copy | copy | appointed grant | applicant=9 | allowed permit-execute M2.1
execute_excerpt | excerpt | appointed grant | applicant=9 | allowed permit-execute M2.1
execute_print | print | appointed grant | applicant=9 | allowed permit-execute C2.2
execute_lend | lend | appointed grant | applicant=9 | allowed permit-execute C3
execute_carry_out | carry_out | appointed grant | applicant=9 destination=2 | allowed permit-execute C5.2
execute_copy_without_grant | copy | appointed scope | | refused shown default-act M2.1
execute_print_without_grant | print | appointed scope | | refused shown default-act C2.2
execute_lend_without_grant | lend | appointed | | refused hidden default-act C3
execute_carry_out_without_grant | carry_out | appointed scope | destination=1 | refused shown default-act C5.2
execute_when_the_grant_is_used_up | copy | appointed | applicant=9 | refused hidden default-act M2.1
external_when_the_grant_is_used_up | external | grant_by_gm scope | applicant=9 | refused shown default-out M4
execute_grant_of_nobody | copy | appointed grant | | refused hidden default-act M2.1
execute_at_a_bad_device | print | appointed grant | applicant=9 device_cap=10 | refused shown deny-device D5
applicant_copies_himself | copy | appointed grant | applicant=7 | refused shown deny-applicant M2.1
applicant_hands_over_himself | external | grant grant_by_gm | applicant=7 | refused shown deny-applicant M2.1
applicant_reads_on | read | scope | applicant=7 | allowed permit-scope P0.2
copy_of_a_copy | copy | appointed grant | applicant=9 no_copy=1 | refused shown deny-recopy M2.1
print_of_a_copy | print | appointed grant | applicant=9 no_copy=1 | refused shown deny-recopy M2.1
excerpt_of_a_copy | excerpt | appointed grant | applicant=9 no_copy=1 | refused shown deny-recopy M2.1
loan_of_a_copy | lend | appointed grant | applicant=9 no_copy=1 | allowed permit-execute C3
reading_a_copy | read | scope | no_copy=1 | allowed permit-scope P0.2
carried_home | carry_out | appointed grant | applicant=9 destination=8 | refused shown deny-place G4.3
carried_to_a_cafe | carry_out | appointed grant | applicant=9 destination=9 | refused shown deny-place G4.3
carried_to_a_meeting | carry_out | appointed grant | applicant=9 destination=4 | allowed permit-execute C5.2
carried_nowhere_named | carry_out | appointed grant | applicant=9 | refused shown deny-nowhere G4.3
applied_to_carry_home | apply_carry_out | scope | destination=8 | refused shown deny-place G4.3
applied_to_carry_to_a_branch | apply_carry_out | scope | destination=1 | allowed permit-ask C5.2
applied_before_naming_a_place | apply_carry_out | scope | | allowed permit-ask C5.2
lend_with_home_on_the_form | lend | appointed grant | applicant=9 destination=8 | allowed permit-execute C3
ask_copy | apply_copy | scope | | allowed permit-ask M2.1
ask_excerpt | apply_excerpt | scope | | allowed permit-ask M2.1
ask_print | apply_print | scope | | allowed permit-ask C2.2
ask_lend | apply_lend | scope | | allowed permit-ask C3
ask_outside | apply_copy | | | refused hidden default P0.2
ask_excerpt_outside | apply_excerpt | | | refused hidden default P0.2
ask_print_as_the_clerk | apply_print | appointed | | refused hidden default P0.2
ask_carry_out_outside | apply_carry_out | | destination=1 | refused hidden default P0.2
ask_after_a_showing | apply_copy | grant | | refused hidden default P0.2
ask_as_the_judge | apply_copy | judge | | refused shown default P0.2
ask_for_a_copy_of_a_copy | apply_copy | scope | no_copy=1 | allowed permit-ask M2.1
shown_by_leave | read | grant | | allowed permit-grant-read D2
shown_and_in_scope | read | scope grant | | allowed permit-scope P0.2
judge_reads | read | judge | | allowed permit-judge M2.1
judge_decides | decide | judge | | allowed permit-judge M2.1
scope_does_not_decide | decide | scope | | refused shown default-decide P0.2
outsider_does_not_decide | decide | | | refused hidden default-decide P0.2
judge_at_top_secret | read | judge | clearance=30 level=30 device_cap=30 | allowed permit-judge M2.1
register_facts_by_appointment | register_facts | appointed | | allowed permit-handle M1.1
register_facts_without_appointment | register_facts | scope | | refused shown default-facts M1.1
register_facts_outside | register_facts | | | refused hidden default-facts M1.1
appointment_opens_no_page | read | appointed | | refused hidden default P0.2
appointment_does_not_decide | decide | appointed | | refused hidden default-decide P0.2
appointment_does_not_hand_out | external | appointed scope | | refused shown default-out M4
external_by_the_general_manager | external | grant grant_by_gm | applicant=9 | allowed permit-out M4
external_by_a_deputy | external | grant scope | applicant=9 | refused shown default-out M4
external_without_grant | external | grant_by_gm | applicant=9 | refused hidden default-out M4
external_grant_of_nobody | external | grant grant_by_gm | | refused hidden default-out M4
external_under_embargo | external | grant grant_by_gm | applicant=9 sealed=1 | refused hidden deny-sealed H2
everything_wrong | read | concerned | active=0 role=1 live=0 sealed=1 frozen=1 level=30 pledge_until=0 rules_read=0 password_until=0 fresh_until=0 session_ok=0 excl=9 | refused hidden deny-left I8, deny-duty M1.2, deny-dead G4.5, deny-self A2, deny-sealed H2, deny-frozen M7.1, deny-level K1.0, deny-pledge P0.1, deny-rules G1, deny-password I6.3, deny-device D5, deny-stale I6.2, deny-session I7.2, deny-custody G4.1, default P0.2
everything_wrong_with_carrying_out | carry_out | grant | no_copy=1 applicant=7 destination=9 level=10 clearance=0 | refused hidden deny-level K1.0, deny-undesignated M1.1, deny-applicant M2.1, deny-place G4.3, default-act C5.2
"""  # noqa: E501

# Every act in order, then one thing wrong with it. act | relations | facts
IN_ORDER = """
read | scope |
register_facts | appointed |
apply_copy | scope |
apply_excerpt | scope |
apply_print | scope |
apply_lend | scope |
apply_carry_out | scope | destination=1
copy | appointed grant | applicant=9 approver=3
excerpt | appointed grant | applicant=9 approver=3
print | appointed grant | applicant=9 approver=3
lend | appointed grant | applicant=9 approver=3
carry_out | appointed grant | applicant=9 approver=3 destination=2
external | grant grant_by_gm | applicant=9 approver=3
decide | judge |
"""
# what is wrong | relations | facts | what must come out; below, where an act answers otherwise: what is wrong, act
WRONG = """
left | | active=0 | refused hidden deny-left I8
officer | | role=2 | refused hidden deny-duty M1.2
dead | | live=0 | refused hidden deny-dead G4.5
sealed | | sealed=1 | refused hidden deny-sealed H2
frozen | | frozen=1 | refused hidden deny-frozen M7.1
walled | walled | | refused hidden deny-wall P1.1
level | | clearance=19 | refused hidden deny-level K1.0
pledge | | pledge_until=1000000 | refused hidden deny-pledge P0.1
rules | | rules_read=0 | refused hidden deny-rules G1
password | | password_until=1000000 | refused shown deny-password I6.3
device | | device_cap=19 | refused shown deny-device D5
factor | | fresh_until=1000000 | refused shown deny-stale I6.2
session | | session_ok=0 | refused shown deny-session I7.2
custody | | excl=9 | refused hidden deny-custody G4.1
"""
# Everything wrong at once, act by act: all reasons stand in the order of the table, and of another act's none.
ALL_WRONG = (
    "active=0 role=1 live=0 sealed=1 frozen=1 level=30 clearance=0 pledge_until=0 rules_read=0 password_until=0 device_cap=0"
    " fresh_until=0 session_ok=0 excl=9 trained_until=0 applicant=7 approver=7 no_copy=1 destination=9"
)
SHUT = (
    "deny-left I8, deny-duty M1.2, deny-dead G4.5, deny-self A2, deny-sealed H2, deny-frozen M7.1, deny-wall P1.1,"
    " deny-level K1.0, deny-pledge P0.1, deny-rules G1, deny-password I6.3, deny-device D5, deny-stale I6.2,"
    " deny-session I7.2, deny-custody G4.1"
)
TRAINING, UNDESIGNATED, OWN = "deny-training I12", "deny-undesignated M1.1", "deny-applicant M2.1, deny-approver M2.1"
RECOPY, PLACE = "deny-recopy M2.1", "deny-place G4.3"
LAST = {
    "read": "default P0.2",
    "register_facts": "default-facts M1.1",
    "apply_copy": f"{TRAINING}, default P0.2",
    "apply_excerpt": f"{TRAINING}, default P0.2",
    "apply_print": f"{TRAINING}, default P0.2",
    "apply_lend": f"{TRAINING}, default P0.2",
    "apply_carry_out": f"{TRAINING}, {PLACE}, default P0.2",
    "copy": f"{UNDESIGNATED}, {OWN}, {RECOPY}, default-act M2.1",
    "excerpt": f"{UNDESIGNATED}, {OWN}, {RECOPY}, default-act M2.1",
    "print": f"{UNDESIGNATED}, {OWN}, {RECOPY}, default-act C2.2",
    "lend": f"{UNDESIGNATED}, {OWN}, default-act C3",
    "carry_out": f"{UNDESIGNATED}, {OWN}, {PLACE}, default-act C5.2",
    "external": f"{OWN}, default-out M4",
    "decide": "default-decide P0.2",
}
OTHERWISE = {
    ("device", "decide"): "allowed permit-judge M2.1",
    ("custody", "register_facts"): "refused hidden deny-custody-facts G4.1",
    ("sealed", "register_facts"): "refused hidden deny-sealed H2, default-facts M1.1",
}

# name | kind | value, day or event | first day | cap in years | last day ("never" without one), then: within | over
TERMS = """
years_5 | years | 5 | 2026-03-01 | 20 | 2031-03-01 within
years_1_over_new_year | years | 1 | 2025-12-31 | 10 | 2026-12-31 within
years_5_from_29_february | years | 5 | 2024-02-29 | 20 | 2029-02-28 within
years_4_from_29_february | years | 4 | 2024-02-29 | 20 | 2028-02-29 within
years_1_from_28_february | years | 1 | 2023-02-28 | 10 | 2024-02-28 within
years_76_over_a_year_without_leap_day | years | 76 | 2024-02-29 | 100 | 2100-02-28 within
years_at_the_cap | years | 20 | 2026-03-01 | 20 | 2046-03-01 within
years_beyond_the_cap | years | 21 | 2026-03-01 | 20 | 2047-03-01 over
years_at_the_cap_from_29_february | years | 10 | 2024-02-29 | 10 | 2034-02-28 within
months_1_from_31_january | months | 1 | 2026-01-31 | 10 | 2026-02-28 within
months_1_from_31_january_of_a_leap_year | months | 1 | 2024-01-31 | 10 | 2024-02-29 within
months_3_from_30_november | months | 3 | 2025-11-30 | 10 | 2026-02-28 within
months_1_from_30_april | months | 1 | 2026-04-30 | 10 | 2026-05-30 within
months_6_from_31_march | months | 6 | 2026-03-31 | 10 | 2026-09-30 within
months_1_over_new_year | months | 1 | 2025-12-15 | 10 | 2026-01-15 within
months_11 | months | 11 | 2026-02-28 | 10 | 2027-01-28 within
months_12_are_a_year | months | 12 | 2024-02-29 | 1 | 2025-02-28 within
months_121_beyond_10_years | months | 121 | 2026-03-01 | 10 | 2036-04-01 over
date_itself | date | 2026-12-31 | 2026-03-01 | 10 | 2026-12-31 within
date_at_the_cap | date | 2036-03-01 | 2026-03-01 | 10 | 2036-03-01 within
date_a_day_beyond_the_cap | date | 2036-03-02 | 2026-03-01 | 10 | 2036-03-02 over
date_on_29_february | date | 2028-02-29 | 2026-03-01 | 10 | 2028-02-29 within
event_until_published | event | 公布前 | 2026-03-01 | 10 | never within
indefinite | indefinite | | 2026-03-01 | 10 | never within
"""

# name | changed | last day
PASSWORDS = """
over_february | 2026-01-01 | 2026-03-01
over_a_leap_february | 2024-01-01 | 2024-03-01
from_the_end_of_december | 2025-12-31 | 2026-02-28
from_the_end_of_december_before_a_leap_year | 2023-12-31 | 2024-02-29
in_summer | 2026-07-01 | 2026-08-30
from_the_last_of_june | 2026-06-30 | 2026-08-29
"""


def rows(text: str) -> list[list[str]]:
    """The cells of a table above."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def decision(name: str, act: str, relations: str, differing: str, expected: str) -> None:
    """One decision vector: what must come out, a blank line, every fact."""
    facts = dict(STANDARD)
    for pair in differing.split():
        key, value = pair.split("=")
        if key == "changed":
            facts["context.password_until"] = f"after the last day of a password changed on {value}"
        else:
            facts[SHORT[key]] = value
        if key == "changed":  # such a case plays years away from the standard second factor
            facts["context.fresh_until"] = facts["context.fresh_top_until"] = EVER
    expected, _, flag = expected.partition("; ")
    words = expected.split(" ", 2 if expected.startswith("refused") else 1)
    head = [f"expect: {words[0]}"]
    if words[0] == "refused":
        head += [f"knows: {'yes' if words[1] == 'shown' else 'no'}", f"reasons: {words[2]}"]
    else:
        head += ["knows: yes", f"rests on: {words[1]}", *([f"flags: {flag}"] if flag else [])]
    body = [f"act: {act}", f"relations: {relations or 'none'}", *(f"{key}: {value}" for key, value in facts.items())]
    write(name, [*head, "", *body])


def term(name: str, kind: str, what: str, start: str, cap: str, expected: str) -> None:
    """One term vector."""
    last, within = expected.split()
    head = [f"expect: {last}", f"cap: {within}"]
    write(f"term_{name}", [*head, "", f"kind: {kind}", f"what: {what}", f"first day: {start}", f"cap in years: {cap}"])


def password(name: str, changed: str, last: str) -> None:
    """One password vector."""
    write(f"password_life_{name}", [f"expect: {last}", "", f"changed: {changed}", "days: 60", "months: 2"])


def write(name: str, lines: list[str]) -> None:
    """The file of that name."""
    (FOLDER / f"{name}.txt").write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def main() -> None:
    """All files anew; files that no table names any more go."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for row in rows(DECISIONS):
        decision(*row)
    for what, also, facts, expected in rows(WRONG):
        for act, relations, standing in rows(IN_ORDER):
            told = OTHERWISE.get((what, act), expected)
            decision(f"{act}_{what}", act, f"{relations} {also}".strip(), f"{standing} {facts}", told)
    for act, last in LAST.items():
        shut = SHUT.replace("deny-custody ", "deny-custody-facts ") if act == "register_facts" else SHUT
        shut = shut.replace("deny-device D5, ", "") if act == "decide" else shut
        decision(f"{act}_all_wrong", act, "concerned walled", ALL_WRONG, f"refused hidden {shut}, {last}")
        outside = "" if act == "decide" else "deny-duty-scope M1.2, "
        bare = last.replace(f"{TRAINING}, ", "").replace(f"{OWN}, ", "").replace(f"{RECOPY}, ", "")
        decision(f"{act}_officer_outside", act, "", "role=3 level=9 destination=9", f"refused hidden {outside}{bare}")
    for row in rows(TERMS):
        term(*row)
    for row in rows(PASSWORDS):
        password(*row)


if __name__ == "__main__":
    main()

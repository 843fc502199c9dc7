"""检查: the log as the auditor reads it, questions asked like a person, checkpoints, the bundle for an outsider.

The highest room: it may read every register; nothing imports it. The auditor reads times, verbs, opaque ids and outcomes,
never content; his own reading stands in the same log. Inspections, coverage and evidence packs come later (P5.0).
"""

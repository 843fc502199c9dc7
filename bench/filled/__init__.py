"""A register as large as a company's after ten years: papers, numbered copies with their ledgers, the books of the counter."""

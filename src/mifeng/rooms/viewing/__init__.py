"""阅览: the only door through which a person sees a page.

One rasteriser, one function that returns page pixels (`pages.page_image`), used by every room that shows, prints or
exports. Each page is decided again, its issue recorded before the first byte leaves, and it carries the name of its
reader: visibly, and in an invisible mark whose 48-bit id says nothing without the register of issues kept here.

Clauses: P2.1 (nobody else present), D3 (clearance alone is not enough), I10.6 (no copying away). What must be known from
copies or meetings (份号, occasion) is handed in. The tracing desk comes later.
"""

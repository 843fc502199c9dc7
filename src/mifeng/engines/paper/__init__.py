"""Papers of the office as PDF, set on the server: registers, forms, issued papers, labels.

The engine knows no language, no clock and no table: all words are handed in, and the same words give the same bytes.
Lengths are millimetres from the upper left corner, sizes of letters points. Only TrueType faces are drawn; `Faces` names
the files, and a sign that none of them has stands as its code point, so that nothing is lost in silence.

* `ledger.pdf`  a register on A4 landscape: repeated head, page n of m, struck lines, corrections with both sides
* `form.pdf`    a form on A4 portrait: fields in the customary order, boxes with electronic signs or room for ink
* `issued.pdf`  an issued paper by the habit of GB/T 9704-2012, red-headed or plain
* `labels.pdf`  QR labels of a random id, with number and mark in words; `qr`, `qr_svg` the code alone
"""

from mifeng.engines.paper.faces import FaceBroken, Faces
from mifeng.engines.paper.faces import font as load
from mifeng.engines.paper.labels import LabelTooLong

__all__ = ["FaceBroken", "Faces", "LabelTooLong", "load"]

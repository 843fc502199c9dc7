"""Reading what the room keeps."""

from mifeng.engines import watermark
from mifeng.rooms.viewing.models import Reading


def short_mark(reading: Reading) -> str:
    """The six signs that stand in the footer of every page of this occasion."""
    return watermark.short_id(int(reading.issues.get().mark, 16))

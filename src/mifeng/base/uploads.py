"""Uploads go straight into an encrypted spool: no plain temporary file ever exists, whatever the size.

Django's own handlers write anything above 2.5 MB to a plain file in /tmp; both are replaced by this one.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from mifeng.base import vault

LARGEST = 200 * 1024 * 1024


class Spooled(UploadedFile):
    """An uploaded file whose bytes lie in the spool under a key that exists only in memory."""

    def __init__(self, spooled: Any, name: str, content_type: str, raw_name: str) -> None:
        super().__init__(None, name, content_type, spooled.size)
        self.spooled, self.raw_name = spooled, raw_name

    def data(self) -> bytes:
        """The whole content, in memory."""
        return b"".join(self.spooled.read())

    def drop(self) -> None:
        """Forget the spooled bytes and their key."""
        self.spooled.drop()

    def close(self) -> None:
        """The request is over: what nobody has sealed by now is forgotten."""
        self.drop()


class SpoolHandler(FileUploadHandler):
    """Streams each file of the request into a spool of the vault; a broken upload drops its spool."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if getattr(self.request, "person", None) is None:
            # Pages before the sign-in take no files: nobody on the network fills the disk.
            raise StopUpload(connection_reset=True)
        self.spool, self.received = vault.opened().spool(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.spool.drop()
            raise StopUpload(connection_reset=False)
        self.spool.write(raw_data)

    def file_complete(self, file_size: int) -> Spooled:
        return Spooled(self.spool.finish(), self.file_name or "", self.content_type or "", self.file_name or "")

    def upload_interrupted(self) -> None:
        self.spool.drop()

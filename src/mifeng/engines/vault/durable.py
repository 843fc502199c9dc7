"""Writing so that a power cut leaves the old file or the new one, nothing between."""

import os
from pathlib import Path


def fsync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable: a renamed or removed file is only safe once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, mode 0700, durable; leaves an existing folder as it is."""
    if folder.is_dir():
        return
    private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    fsync_folder(folder.parent)


def write_private(path: Path, data: bytes, *, replace: bool) -> None:
    """Write a whole file, mode 0600, and make it durable. Raises ``FileExistsError`` unless ``replace``."""
    partial = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    try:
        with open(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        # A link fails if the name is taken, a rename would overwrite: no moment between asking and doing.
        if replace:
            os.replace(partial, path)
        else:
            os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    fsync_folder(path.parent)

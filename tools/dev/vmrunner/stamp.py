# SPDX-License-Identifier: MIT
"""Files that are made again only when what they are made of has changed."""

import contextlib
import fcntl
import hashlib
import os


def digest(*parts):
    """A short name for a combination of inputs: files by content, everything else by its text."""
    state = hashlib.sha256()
    for part in parts:
        state.update(part.read_bytes() if hasattr(part, "read_bytes") else str(part).encode())
        state.update(b"\0")
    return state.hexdigest()[:16]


@contextlib.contextmanager
def lock(path):
    """Two runs at once must not make the same image twice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_name(path.name + ".lock"), "w", encoding="ascii") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def ensure(path, name, make):
    """Returns path, after make(temporary) if it was not made of the inputs called name."""
    record = path.with_name(path.name + ".stamp")
    with lock(path):
        if path.exists() and record.exists() and record.read_text() == name:
            return path
        temporary = path.with_name(path.name + ".partial")
        make(temporary)
        os.replace(temporary, path)
        record.write_text(name)
    return path

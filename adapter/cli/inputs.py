"""How every verb reads its FILE: `-` is standard input, and what cannot be read is bad input with the file's name."""

import sys
from pathlib import Path


def read_input(file: str) -> bytes:
    """Return what is in the file, or on standard input where `file` is "-".

    Raises:
        Unreadable: it is not there or may not be read.
    """
    from adapter.base.errors import Unreadable

    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as missing:
        raise Unreadable(f"cannot read the file: {missing.strerror}", where=file) from missing

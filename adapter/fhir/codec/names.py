"""Which names of a sender may be said again in an error: those that look like names of elements; others may be data."""

import re
from collections import Counter
from collections.abc import Iterable

_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")


def shown(name: str) -> str:
    """Return the name, or "?" where it does not look like the name of an element."""
    return name if _NAME.fullmatch(name) else "?"


def repeated(names: Iterable[str]) -> list[str]:
    """Return, sorted, the names that come more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)

"""What time it is, as a value that is handed in; nothing else in the adapter asks the system.

A development node may run on another date (`server.clock`): its clock starts at a given instant and runs on.
"""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999
"""Far enough from the ends of the calendar that no time zone and no deadline runs over them."""


class Clock(Protocol):
    """Gives the present moment, always aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class DevelopmentClock:
    """Starts at an instant of its own and runs at the usual speed; it can be moved forward, never back."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, which must be aware.

        Raises:
            ValueError: `start` has no offset, or lies so far away that it cannot run on.
        """
        self._moving = threading.Lock()
        self._since = _usable(start), time.monotonic()  # one value, so that nobody reads half a move

    def now(self) -> datetime:
        """Return the present moment of this clock in UTC."""
        start, origin = self._since
        return start + timedelta(seconds=time.monotonic() - origin)

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment`.

        Raises:
            ValueError: `moment` has no offset, lies before now, or so far away that the clock cannot run on.
        """
        start = _usable(moment)
        with self._moving:
            if start < self.now():
                raise ValueError("a clock never goes back")
            self._since = start, time.monotonic()


class FixedClock:
    """Stands still; for offline verbs and tests."""

    def __init__(self, moment: datetime) -> None:
        """Stand at `moment`, which must be aware; ValueError where it is not, or is too far away."""
        self._moment = _usable(moment)

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._moment


def _usable(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs an instant with an offset")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a clock shows the years {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(UTC)

"""What time it is, as a value that is handed in; nothing else in the adapter asks the system.

A development node may run on another date (`server.clock`): its clock starts at a given instant and runs on.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


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
            ValueError: `start` has no offset.
        """
        if start.tzinfo is None:
            raise ValueError("a clock needs an instant with an offset")
        self._start = start.astimezone(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """Return the present moment of this clock in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._origin)

    def move_to(self, moment: datetime) -> None:
        """Jump forward to `moment`.

        Raises:
            ValueError: `moment` has no offset or lies before now.
        """
        if moment.tzinfo is None:
            raise ValueError("a clock needs an instant with an offset")
        if moment < self.now():
            raise ValueError("a clock never goes back")
        self._start = moment.astimezone(UTC)
        self._origin = time.monotonic()


class FixedClock:
    """Stands still; for offline verbs and tests."""

    def __init__(self, moment: datetime) -> None:
        """Stand at `moment`, which must be aware."""
        if moment.tzinfo is None:
            raise ValueError("a clock needs an instant with an offset")
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment, in UTC."""
        return self._moment

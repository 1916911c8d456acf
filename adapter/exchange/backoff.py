"""When to try again, as a pure function: soon at first, then ever more slowly, and not for ever.

https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
"""

import hashlib
from datetime import datetime, timedelta

FIRST = timedelta(seconds=1)
LONGEST = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=10)
"""After this an operator must look at it; the item is kept and can be started again."""


def next_attempt(
    *, attempt: int, created_at: datetime, now: datetime, retry_after_seconds: float | None, seed: str
) -> datetime | None:
    """Return when to try again after failed attempt number `attempt` (from 1); None = give up and tell somebody.

    The delay doubles up to an hour; up to a quarter is taken off by `seed`, so that many items that failed together
    do not come back together. What the peer asked for (`retry_after_seconds`) is a lower bound, up to ten days.
    """
    if now - created_at > GIVE_UP_AFTER:
        return None
    delay: timedelta = min(LONGEST, FIRST * 2 ** min(attempt - 1, 20))
    delay *= 1 - _fraction(f"{seed}/{attempt}") / 4
    if retry_after_seconds is not None:
        delay = max(delay, timedelta(seconds=min(retry_after_seconds, GIVE_UP_AFTER.total_seconds())))
    return now + delay


def _fraction(seed: str) -> float:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4], "big") / 2**32

"""Times callables side by side: warm, interleaved, every call timed alone; figures are medians and 99th percentiles."""

import gc
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

WARM_SECONDS = 0.3


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the value below which `percent` of the samples lie (nearest rank)."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def summary(samples: Sequence[float]) -> dict[str, Any]:
    """Return count, median, p99 and maximum, in the unit of the samples."""
    return {
        "count": len(samples),
        "p50": statistics.median(samples),
        "p99": percentile(samples, 99),
        "max": max(samples),
    }


def interleaved(subjects: Mapping[str, Callable[[], Any]], *, seconds: float) -> dict[str, list[float]]:
    """Call the subjects in turn for about `seconds` in all and return the seconds of each call, by subject.

    The order is turned round every time, so that none always runs in the wake of the same other one. The garbage
    collector stays on, because it is on in a node.
    """
    for subject in subjects.values():
        until = time.perf_counter() + WARM_SECONDS
        while time.perf_counter() < until:
            subject()
    gc.collect()
    samples: dict[str, list[float]] = {name: [] for name in subjects}
    order = list(subjects.items())
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for name, subject in order:
            began = time.perf_counter()
            subject()
            samples[name].append(time.perf_counter() - began)
        order.reverse()
    return samples

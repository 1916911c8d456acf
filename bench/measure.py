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


def interleaved(
    subjects: Mapping[str, Callable[..., Any]],
    *,
    seconds: float,
    made_anew: Mapping[str, Callable[[], Any]] | None = None,
) -> dict[str, list[float]]:
    """Call the subjects in turn for about `seconds` in all and return the seconds of each call, by subject.

    The order is turned round every time, so that none always runs in the wake of the same other one. The garbage
    collector stays on, because it is on in a node.

    Args:
        made_anew: what makes, untimed, a new argument for each call of a subject; the others are called without one.
    """
    makers = made_anew or {}
    for name, subject in subjects.items():
        until = time.perf_counter() + WARM_SECONDS
        while time.perf_counter() < until:
            _seconds(subject, makers.get(name))
    gc.collect()
    samples: dict[str, list[float]] = {name: [] for name in subjects}
    order = list(subjects.items())
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for name, subject in order:
            samples[name].append(_seconds(subject, makers.get(name)))
        order.reverse()
    return samples


def _seconds(subject: Callable[..., Any], make: Callable[[], Any] | None) -> float:
    if make is None:
        began = time.perf_counter()
        subject()
        return time.perf_counter() - began
    argument = make()
    began = time.perf_counter()
    subject(argument)
    return time.perf_counter() - began

"""A coverage decision with its reasons, in process: every case of every shipped pack, and the two shipped requests.

One call is `decide(packs, facts)` with facts as they were read; for the requests `facts_from_request` is timed with
it. The peer is the five seconds that Da Vinci CRD gives a service for its answer; there is nothing to run beside it.
"""

import time
from functools import partial
from typing import Any

from adapter.base.data import shipped
from adapter.intake.canonical import read_request
from adapter.rules.cases import read_cases, run_case
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.rules.pack import load_packs
from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary

SECONDS = 4.0


def main() -> None:
    folder = shipped("mappings") / "coverage"
    began = time.perf_counter()
    packs = load_packs(folder)
    load_seconds = time.perf_counter() - began
    cases = []
    for file in sorted(folder.rglob("cases.yaml")):
        cases += read_cases(file.read_text(encoding="utf-8"), file.name, packs.vocabulary)
    failing = [case.id for case in cases if run_case(packs, case)]
    assert not failing, failing
    subjects: dict[str, Any] = {
        f"{number} {case.id}": partial(decide, packs, case.facts, kind=case.kind) for number, case in enumerate(cases)
    }
    from bench import measure

    measure.WARM_SECONDS = 0.005  # there are many, and each is short
    samples = interleaved(subjects, seconds=SECONDS)
    every = summary([one for each in samples.values() for one in each])
    slowest = max(samples, key=lambda name: summary(samples[name])["p50"])
    rows = [
        [f"all {len(cases)} cases", f"{every['count']:,}", ms(every["p50"]), ms(every["p99"]), ms(every["max"])],
        _row(f"the slowest case, {slowest.split(' ', 1)[1]}", samples[slowest]),
    ]
    for country in ("nl", "de"):
        request = read_request((shipped("samples") / f"request-{country}.json").read_bytes())
        whole = partial(_from_request, packs, request)
        rows.append(_row(f"request-{country}.json, facts and decision", interleaved({"": whole}, seconds=1.0)[""]))
    publish(
        Findings(
            key="coverage",
            title="Coverage decision",
            how=[
                words(__doc__),
                f"Reading and checking the packs takes {load_seconds:.2f} s, once, at the start.",
            ],
            columns=["what", "calls", "p50", "p99", "slowest call"],
            rows=rows,
            targets=[
                Target(text="p99 at most 1 ms in process", measured=ms(every["p99"]), reached=every["p99"] <= 0.001)
            ],
            raw={"seconds": every, "load seconds": load_seconds},
        )
    )


def _from_request(packs: Any, request: Any) -> object:
    return decide(packs, facts_from_request(request))


def _row(what: str, samples: list[float]) -> list[str]:
    found = summary(samples)
    return [what, f"{found['count']:,}", ms(found["p50"]), ms(found["p99"]), ms(found["max"])]


if __name__ == "__main__":
    main()

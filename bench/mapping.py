"""From the bytes of a request to a validated transaction Bundle with the records' bytes, in process.

One call reads and checks the request, hashes the records, asks the consent gate, expresses the request as FHIR, makes
the transaction and holds it, once, against R4 and the profiles that it claims. The parts are timed in the same run.
"""

from functools import partial
from typing import Any

from adapter.base.data import shipped
from adapter.fhir.codec import to_json
from adapter.fhir.judgement import judge
from adapter.fhir.profiles import claimed_problems
from adapter.fhir.validate import validate
from adapter.intake.canonical import read_request
from adapter.workflow.offline import express_offline
from bench.figures import Findings, Target, ms, publish, words
from bench.measure import interleaved, summary

SECONDS = 4.0


def main() -> None:
    rows, raw, worst = [], {}, 0.0
    for country in ("nl", "de"):
        home = shipped("samples")
        data = (home / f"request-{country}.json").read_bytes()
        offline = express_offline(data, home)
        bundle = offline.transaction()
        subjects: dict[str, Any] = {
            "bytes to validated transaction": lambda data=data, home=home: express_offline(data, home).transaction(),
            "of it: reading and checking the request": partial(read_request, data),
            "of it: gate, resources (all of the above and the records' hashes)": partial(express_offline, data, home),
            "of it: making the transaction, and the last look at it": offline.transaction,
            "of that: the last look, R4 and profiles": partial(judge, bundle),
            "of the last look: R4": partial(validate, bundle),
            "of the last look: the profiles that it claims": partial(claimed_problems, bundle),
        }
        samples = interleaved(subjects, seconds=SECONDS)
        for what, one in samples.items():
            found = summary(one)
            raw[f"{country}: {what}"] = found
            rows.append([f"request-{country}.json", what, ms(found["p50"]), ms(found["p99"])])
        worst = max(worst, raw[f"{country}: bytes to validated transaction"]["p50"])
        rows.append([f"request-{country}.json", f"size of the transaction: {len(to_json(bundle)):,} bytes", "", ""])
    publish(
        Findings(
            key="mapping",
            title="Mapping",
            how=[words(__doc__)],
            columns=["input", "what", "p50", "p99"],
            rows=rows,
            targets=[
                Target(
                    text="canonical request to validated Bundle, median at most 5 ms",
                    measured=ms(worst),
                    reached=worst <= 0.005,
                )
            ],
            raw=raw,
        )
    )


if __name__ == "__main__":
    main()

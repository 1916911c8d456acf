"""What the offline verbs say of a case, written down beside what the nodes made: Bundles, trace, coverage decision."""

import json
from pathlib import Path

from adapter.base.data import shipped
from adapter.demo.materials import Material
from adapter.fhir.codec import to_json, to_xml
from adapter.intake.strict_json import read_json
from adapter.mapping.trace import trace, withheld_members
from adapter.mapping.trace_table import load_trace_table
from adapter.rules.answer import answer_json
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.rules.pack import load_packs
from adapter.workflow.offline import express_offline


def write_offline(material: Material, folder: Path) -> None:
    """Write the transaction and message Bundles, the trace and the coverage decision in three languages."""
    folder.mkdir(parents=True, exist_ok=True)
    data = material.request_file.read_bytes()
    offline = express_offline(data, material.request_file.parent)
    request = offline.request
    for name, bundle in (("transaction", offline.transaction()), ("message", offline.message())):
        (folder / f"{name}.json").write_bytes(to_json(bundle, pretty=True))
        (folder / f"{name}.xml").write_bytes(to_xml(bundle, pretty=True))
    table = load_trace_table(shipped("mappings") / "intake" / "second-opinion-request-1")
    document = read_json(data)
    reasons = withheld_members(document, offline.release.withheld, None)
    rows = trace(table, document, offline.expressed, offline.transaction(), withheld=reasons)
    (folder / "trace.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    decision = decide(load_packs(shipped("mappings") / "coverage"), facts_from_request(request))
    for language in ("en", "de", "nl"):
        text = json.dumps(answer_json(decision, language), indent=2, ensure_ascii=False)
        (folder / f"coverage-{language}.json").write_text(text + "\n", encoding="utf-8")

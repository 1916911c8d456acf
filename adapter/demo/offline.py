"""What the offline verbs say of a case, written down beside what the nodes made: Bundles, trace, coverage decision."""

import json
from pathlib import Path

from adapter.base.data import shipped
from adapter.demo.materials import Material
from adapter.intake.canonical import read_request
from adapter.rules.answer import answer_json
from adapter.rules.evaluate import decide
from adapter.rules.facts import facts_from_request
from adapter.rules.pack import load_packs


def write_offline(material: Material, folder: Path) -> None:
    """Write the coverage decision in three languages."""
    folder.mkdir(parents=True, exist_ok=True)
    request = read_request(material.request_file.read_bytes())
    decision = decide(load_packs(shipped("mappings") / "coverage"), facts_from_request(request))
    for language in ("en", "de", "nl"):
        text = json.dumps(answer_json(decision, language), indent=2, ensure_ascii=False)
        (folder / f"coverage-{language}.json").write_text(text + "\n", encoding="utf-8")

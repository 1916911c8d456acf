"""What the demonstration works on: the shipped requests and reports, with real records where some are at hand.

Real records (test files, see their own licences) are taken from a folder beside the source tree; where it is absent,
the small ones that ship with the adapter are used.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from adapter.base.data import shipped

REAL_RECORDS = Path("shared") / "data" / "09-records"
REAL = {
    "verwijsbrief.pdf": "pdf/026-latex-multicolumn__multicolumn.pdf",
    "mri.dcm": "dicom/MR_small.dcm",
    "befund.pdf": "pdf/012-libreoffice-form__libreoffice-form.pdf",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """One case: its request and report, as files in the folder of the demonstration."""

    country: str
    treating: str
    consulting: str
    request_file: Path
    report_file: Path

    @property
    def request(self) -> dict[str, Any]:
        """The request."""
        return dict(json.loads(self.request_file.read_text(encoding="utf-8")))

    @property
    def report(self) -> dict[str, Any]:
        """The report."""
        return dict(json.loads(self.report_file.read_text(encoding="utf-8")))

    @property
    def number(self) -> str:
        """The case number."""
        return str(self.request["case"])

    @property
    def sent(self) -> datetime:
        """When the request was sent, aware."""
        return datetime.fromisoformat(self.request["sent"])

    @property
    def issued(self) -> datetime:
        """When the report was issued, aware."""
        return datetime.fromisoformat(self.report["issued"])

    @property
    def returns_report(self) -> bool:
        """Whether the patient agreed that the report goes back."""
        return bool(self.request["consent"].get("returnReport", {}).get("given"))


def prepare(folder: Path) -> tuple[list[Material], bool]:
    """Copy the inputs into `folder`; return the cases, the earlier first, and whether real records were at hand."""
    samples = shipped("samples")
    real = samples.parent.parent.parent / REAL_RECORDS
    (folder / "records").mkdir(parents=True, exist_ok=True)
    for record in sorted((samples / "records").iterdir()):
        at_hand = real / REAL[record.name] if record.name in REAL else record
        shutil.copyfile(at_hand if at_hand.is_file() else record, folder / "records" / record.name)
    cases = []
    for country, treating, consulting in (("de", "klinik-a", "praxis-b"), ("nl", "dijkzicht", "catharina-kliniek")):
        for kind in ("request", "report"):
            shutil.copyfile(samples / f"{kind}-{country}.json", folder / f"{kind}-{country}.json")
        cases.append(
            Material(
                country=country,
                treating=treating,
                consulting=consulting,
                request_file=folder / f"request-{country}.json",
                report_file=folder / f"report-{country}.json",
            )
        )
    return cases, real.is_dir()

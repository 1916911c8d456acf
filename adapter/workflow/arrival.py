"""A message at the front door: its bytes as they came, and what was understood of them."""

from dataclasses import dataclass
from datetime import datetime

from adapter.intake.taking import Taken
from adapter.store.unit import Unit
from adapter.workflow.once import OWN_SYSTEMS, digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One message of our own systems."""

    body: bytes
    media_type: str
    taken: Taken

    @property
    def sender(self) -> str:
        """Whose message ids count: the sending system's where its protocol has its own, else the house's."""
        return self.taken.sender or OWN_SYSTEMS

    def keep_canonical(self, unit: Unit, org: str, at: datetime) -> str:
        """Keep the canonical document for the later steps and return its sha256; the body itself is kept anyway."""
        if self.taken.canonical is self.body:
            return digest(self.body)
        return unit.originals.keep(org, self.taken.canonical, at)

"""One mapping of a pack file, read member by member; what is wrong is noted with file and line, never guessed."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from adapter.domain.coverage import Texts
from adapter.rules.located import Findings, Listed, Mapped

LANGUAGES = ("en", "de", "nl")


class Entry:
    """A mapping and where it stands; every getter notes a finding and returns a harmless value where it fails."""

    def __init__(self, members: Mapped, file: str, findings: Findings, name: str) -> None:
        """Wrap `members`; `name` is what findings call it, for example "rule de-zm-gkv"."""
        self.members = members
        self.file = file
        self.findings = findings
        self.name = name

    def add(self, text: str, key: object = None) -> None:
        """Note a finding at the key's line, or at the entry's own."""
        line = self.members.lines.get(key, self.members.line)
        self.findings.add(f"{self.name}: {text}", self.file, line)

    def has(self, key: str) -> bool:
        """Tell whether the member is there with a value."""
        return self.members.get(key) is not None

    def only(self, allowed: Collection[str]) -> None:
        """Note every member that is not in `allowed`."""
        for key in self.members:
            if key not in allowed:
                self.add(f"{key!r} is not known here; known are {', '.join(sorted(allowed))}", key)

    def text(self, key: str) -> str:
        """Return the text that must be there."""
        value = self.members.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self.add(f"{key} is missing" if value is None else f"{key} must be text", key)
        return ""

    def optional_text(self, key: str) -> str | None:
        """Return the text, or None where the member is absent."""
        return self.text(key) if self.has(key) else None

    def choice(self, key: str, values: Collection[str]) -> str:
        """Return the text, which must be one of `values`."""
        value = self.text(key)
        if value and value not in values:
            self.add(f"{key} is {value!r}; it must be one of {', '.join(values)}", key)
        return value

    def day(self, key: str) -> date | None:
        """Return the date, or None where the member is absent or null."""
        value = self.members.get(key)
        if value is None or isinstance(value, date):
            return value
        self.add(f"{key} must be a date such as 2026-01-31", key)
        return None

    def flag(self, key: str) -> bool:
        """Return true or false; absent is false."""
        value = self.members.get(key, False)
        if not isinstance(value, bool):
            self.add(f"{key} must be true or false", key)
        return value is True

    def whole(self, key: str) -> int:
        """Return the whole number that must be there."""
        value = self.members.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.add(f"{key} must be a whole number", key)
        return 0

    def number(self, key: str) -> Decimal | None:
        """Return the number exactly, or None where the member is absent or null."""
        value = self.members.get(key)
        if value is None:
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return Decimal(value)
        self.add(f"{key} must be a number", key)
        return None

    def words(self, key: str) -> tuple[str, ...]:
        """Return the list of texts; absent is empty."""
        value = self.members.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.add(f"{key} must be a list of texts", key)
        return ()

    def texts(self, key: str) -> Texts:
        """Return the sentence in all three languages, each of which must be there."""
        value = self.members.get(key)
        if not isinstance(value, Mapped):
            self.add(f"{key} is missing: give it in {', '.join(LANGUAGES)}", key)
            return dict.fromkeys(LANGUAGES, "")
        part = self.part(key)
        part.only(LANGUAGES)
        return {language: part.text(language) for language in LANGUAGES}

    def part(self, key: str) -> "Entry":
        """Return the mapping below `key`; where there is none, an empty one."""
        value = self.members.get(key)
        if not isinstance(value, Mapped):
            if value is not None:
                self.add(f"{key} must have members", key)
            value = empty(self.members.lines.get(key, self.members.line))
        return Entry(value, self.file, self.findings, f"{self.name}, {key}")

    def parts(self, key: str, name: str) -> list["Entry"]:
        """Return the mappings of the list below `key`, each called `name` and its id."""
        value = self.members.get(key)
        if value is None:
            return []
        if not isinstance(value, Listed):
            self.add(f"{key} must be a list", key)
            return []
        return [
            Entry(item, self.file, self.findings, f"{name} {item.get('id') or item.get('use') or ''}".rstrip())
            for item, line in zip(value, value.lines, strict=True)
            if self._is_mapping(item, line, name)
        ]

    def _is_mapping(self, item: Any, line: int, name: str) -> bool:
        if not isinstance(item, Mapped):
            self.findings.add(f"a {name} must have members", self.file, line)
        return isinstance(item, Mapped)


def empty(line: int = 1) -> Mapped:
    """Return a mapping without members."""
    nothing = Mapped()
    nothing.line = line
    nothing.lines = {}
    return nothing

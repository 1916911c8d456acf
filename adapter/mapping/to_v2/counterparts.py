"""The tables of the intake read the other way: which HL7 v2 code, namespace or coding system stands for ours.

So what goes out is understood as what it was when it comes in, by us and by whoever uses the same tables. Only exact
equivalences are turned round; of several codes the first of its table is taken.
"""

from dataclasses import dataclass
from typing import Final

from adapter.fhir import systems
from adapter.mapping.tables.codes import EXACT
from adapter.mapping.tables.identifier_systems import as_uri, namespace_of
from adapter.mapping.tables.library import Library

CODE_SYSTEMS: Final = "v2-0396"
_DATED: Final = {systems.ICD10_GM: "ICD10GM", systems.OPS: "OPS"}
"""Table 0396 has an entry for every year of these: ICD10GM2026, OPS2026."""
_TYPES: Final = {systems.BSN: "NNNLD", systems.KVNR: "NH"}
"""Table 0203, for numbers whose list names no type: national person identifier, national health plan identifier."""
_OID: Final = "urn:oid:"
_UUID: Final = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who assigns a number, as HD and identifier type.

    Attributes:
        namespace: HD.1; "" = it has none.
        universal: HD.2.
        universal_type: HD.3 (table 0301).
        kind: type of the number (table 0203); "" = not said.
    """

    namespace: str = ""
    universal: str = ""
    universal_type: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """What stands for ours, by the tables of one library.

    Attributes:
        library: the codes and identifier systems.
        home: the system that is written to, as its messages name it ("hl7v2:APP|FACILITY"); namespaces that it alone
            uses go back to it as it wrote them. None = somebody else, whom they would say nothing.
    """

    library: Library
    home: str | None = None

    def code(self, table: str, ours: str, *, length: int | None = None) -> str | None:
        """Return the code that stands for ours.

        Args:
            table: name of the ConceptMap.
            ours: the code as the canonical format has it.
            length: of the code that is preferred where there are several; None = the first.

        Returns:
            None = there is none that means the same.
        """
        codes = self.library.maps.get(table)
        if codes is None:
            return None
        found = [
            code
            for group in codes.groups
            for code, one in group.entries.items()
            if one.code == ours and one.equivalence in EXACT
        ]
        if found:
            return next((one for one in found if len(one) == length), found[0])
        same = codes.find(ours)
        return ours if same is not None and same.code == ours else None

    def authority(self, system: str, *, typed: bool = True) -> Authority:
        """Return who assigns the numbers of a naming system.

        Args:
            system: its URI.
            typed: whether there is a place for the type of the number.
        """
        named = [
            (namespace, kind)
            for rows in (self.library.systems.own, self.library.systems.shipped)
            for (namespace, kind), uri in rows.items()
            if uri == system and namespace and as_uri(namespace) is None and (typed or not kind)
        ]
        if named:
            namespace, kind = named[0]
            return Authority(namespace.upper(), kind=kind.upper() or (_TYPES.get(system, "") if typed else ""))
        if self.home is not None and (own := namespace_of(system, self.home)) is not None:
            return Authority(own)
        bare = system.removeprefix(_OID)
        listed = any(namespace == bare for namespace, _ in self.library.systems.shipped)
        if system.startswith(_OID) and not listed:
            return Authority(universal=bare, universal_type="ISO")
        if system.startswith(_UUID):
            return Authority(universal=system.removeprefix(_UUID), universal_type="UUID")
        return Authority(universal=system, universal_type="URI")

    def kind(self, system: str) -> tuple[str, str]:
        """Return type and qualifier for a PLN (table 0338), where the type alone may say who issued a number."""
        for (namespace, kind), uri in self.library.systems.shipped.items():
            if uri == system and kind and not namespace:
                return kind.upper(), ""
        found = self.authority(system)
        if found.namespace:
            return found.kind or found.namespace, found.namespace
        return "U", system

    def code_system(self, uri: str, version: str | None, *, coded_version: bool) -> tuple[str, str, bool]:
        """Return how a coding system and its version are named.

        Args:
            uri: of the system.
            version: None = not stated.
            coded_version: whether the data type has a component for the version (CWE.7).

        Returns:
            The name (table 0396, else the URI), the version component, and whether the version is told.
        """
        name = self.code(CODE_SYSTEMS, uri)
        name = name if name is not None and name != uri else None
        if version is None:
            return name or uri, "", True
        if uri in _DATED and len(version) == len("2026") and version.isdecimal():
            return f"{_DATED[uri]}{version}", "", True
        return name or uri, version if coded_version else "", coded_version

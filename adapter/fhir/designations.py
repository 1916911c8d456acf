"""The words of our own codes in English, German and Dutch, as the CodeSystems of the shipped package have them.

https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.concept.designation
"""

from collections.abc import Mapping
from functools import cache

from adapter.fhir.profiles.packages import shipped_packages


def designation(system: str, code: str, language: str) -> str:
    """Return the word for a code of ours; its English display where the language has none, the code where nobody has.

    Args:
        system: the URL of a CodeSystem of the shipped package; of any other the code itself comes back.
        code: as the system has it.
        language: "en", "de" or "nl".
    """
    words = _words_of(system).get(code, {})
    return words.get(language) or words.get("en") or code


@cache
def _words_of(system: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words of a system by code and language; read once, empty where the system is not shipped."""
    held = shipped_packages().resource(system) or {}
    return {
        one["code"]: {
            "en": one["display"],
            **{said["language"]: said["value"] for said in one.get("designation", ()) if "language" in said},
        }
        for one in held.get("concept", ())
    }

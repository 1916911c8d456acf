"""People and organisations as HL7 v2 data types: CX, PLN, XPN, XCN, CNN, XON, XAD and XTN.

HL7 v2.8 chapter 2A. What the canonical format has several of and the data type one goes as the first; the rest is
reported as lost.
"""

from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_v2.script import Script
from adapter.mapping.to_v2.stated import Stated

XON_ID_SINCE: Final = 5
"""The minor version from which XON.10 holds the identifier."""
PARTS_SINCE: Final = 7
"""The minor version from which CX.5 must be there, PID-40 takes any use, and table 0201 has personal numbers (PRS)."""
_WHOLE_NUMBER_SINCE: Final = 6
"""The minor version from which a phone number as one text stands in XTN.12 and no more in XTN.1."""
_ONE_NUMBER: Final = "one number has a place here: the first"


def cx(script: Script, at: Stated) -> str:
    """Return an identifier as CX."""
    found = script.codes.authority(str(at.take("system")))
    who = script.subparts(*(script.escaped(one) for one in (found.namespace, found.universal, found.universal_type)))
    return script.parts(script.text(at, "value"), "", "", who, found.kind or unspecified(script))


def unspecified(script: Script) -> str:
    """Return the type of a number whose type is not known, where CX.5 must be there (table 0203)."""
    return "U" if script.minor >= PARTS_SINCE else ""


def pln(script: Script, at: Stated) -> str:
    """Return an identifier of a provider as PLN."""
    kind, qualifier = script.codes.kind(str(at.take("system")))
    return script.parts(script.text(at, "value"), script.escaped(kind), script.escaped(qualifier))


def xpn(script: Script, name: Stated | None, kind: str = "") -> str:
    """Return a name as XPN; `kind` is of table 0200."""
    return script.parts(*_name(script, name), "", kind) if name is not None else ""


def xcn(script: Script, person: Stated) -> list[str]:
    """Return a practitioner as the components of an XCN, up to the type of the number."""
    number = _first_number(person)
    name = _name(script, person.part("name"))
    if number is None:
        return ["", *name]
    found = script.codes.authority(str(number.take("system")))
    who = script.subparts(*(script.escaped(one) for one in (found.namespace, found.universal, found.universal_type)))
    return [script.text(number, "value"), *name, "", "", who, "", "", "", found.kind]


def cnn(script: Script, person: Stated) -> str:
    """Return a practitioner as CNN within one component."""
    number = _first_number(person)
    name = _name(script, person.part("name"))
    if number is None:
        return script.subparts("", *name)
    found = script.codes.authority(str(number.take("system")), typed=False)
    who = (script.escaped(one) for one in (found.namespace, found.universal, found.universal_type))
    return script.subparts(script.text(number, "value"), *name, "", "", *who)


def xon(script: Script, organization: Stated) -> str:
    """Return an organisation as XON: name and one identifier."""
    name = script.text(organization, "name")
    number = _first_number(organization)
    if number is None:
        return name
    found = script.codes.authority(str(number.take("system")))
    who = script.subparts(*(script.escaped(one) for one in (found.namespace, found.universal, found.universal_type)))
    value = script.text(number, "value")
    early = script.minor < XON_ID_SINCE
    return script.parts(name, "", value if early else "", "", "", who, found.kind, "", "", "" if early else value)


def xad(script: Script, address: Stated | None, kind: str, country: str = "") -> str:
    """Return an address as XAD.

    Args:
        script: the message.
        address: None = not stated.
        kind: of table 0190.
        country: what is taken where the address names none, as a code of table 0399.
    """
    if address is None:
        return script.parts("", "", "", "", "", country) if country else ""
    lines = [script.text(one) for one in address.parts("line")]
    texts = [str(one.value) for one in address.parts("line")]
    if len(lines) > 2 or (len(texts) > 1 and f" {texts[1].casefold()} " in f" {texts[0].casefold()} "):  # noqa: PLR2004 - XAD.1, XAD.2
        address.remark(RemarkKind.DEFAULTED, "an address has two lines here: what follows stands in one", "line")
    where = script.code(address, "country", "country", length=3) or country
    places = [script.text(address, name) for name in ("city", "state", "postalCode")]
    first, second = (*lines, "", "")[0], ", ".join(lines[1:])
    return script.parts(first, second, *places, where, kind)


def xtn(script: Script, telecom: Stated) -> str:
    """Return a way to reach somebody as XTN; "" where HL7 v2 knows no such way."""
    system = str(telecom.take("system"))
    if system in ("other", "sms"):
        telecom.lose("HL7 v2 has no code for this way to reach somebody")
        telecom.remark(RemarkKind.LOST, "HL7 v2 has no code for this way to reach somebody", "system")
        return ""
    mobile = system == "phone" and telecom.value.get("use") == "mobile"
    use = "" if mobile else script.code(telecom, "v2-0201", "use")
    value = script.text(telecom, "value")
    if mobile:
        telecom.take("use")
        use = "PRS" if script.minor >= PARTS_SINCE else ""
    if system in ("email", "url"):
        return script.parts("", use or "NET", "Internet", value)
    kind = "CP" if mobile else script.codes.code("v2-0202", system) or "PH"
    if script.minor >= _WHOLE_NUMBER_SINCE:
        return script.parts("", use, kind, "", "", "", "", "", "", "", "", value)
    return script.parts(value, use, kind)


def numbers(person: Stated) -> list[Stated]:
    """Return all identifiers of a person or organisation."""
    return person.parts("identifiers")


def _first_number(person: Stated) -> Stated | None:
    stated = numbers(person)
    for one in stated[1:]:
        one.lose(_ONE_NUMBER)
    return stated[0] if stated else None


def _name(script: Script, name: Stated | None) -> list[str]:
    """Return family, given, further given, suffix and prefix."""
    if name is None:
        return ["", "", "", "", ""]
    family = script.text(name, "family")
    if not family and name.part("text") is not None:
        family = script.text(name, "text")
        name.remark(RemarkKind.DEFAULTED, "the name is not taken apart: the whole of it stands as family name", "text")
        name.remark(RemarkKind.DEFAULTED, "the whole name stands here", "family")
    name.lose("a name goes in its parts, not as it is written as a whole", "text")
    given = [script.text(one) for one in name.parts("given")]
    if len(given) > 2:  # noqa: PLR2004 - first and further ones
        name.remark(RemarkKind.DEFAULTED, "the given names from the second one on stand in one", "given")
    single = {}
    for part in ("suffix", "prefix"):
        texts = [script.text(one) for one in name.parts(part)]
        if len(texts) > 1:
            name.remark(RemarkKind.DEFAULTED, "several stand in one", part)
        single[part] = " ".join(filter(None, texts))
    return [family, (*given, "")[0], " ".join(filter(None, given[1:])), single["suffix"], single["prefix"]]

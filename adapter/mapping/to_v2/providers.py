"""PRD: who refers and who is referred to, and PID: the patient.

HL7 v2.8 chapter 11.8.3 "PRD" and chapter 3.4.2 "PID".
"""

from typing import Final

from adapter.mapping.remarks import RemarkKind
from adapter.mapping.to_v2.people import PARTS_SINCE, cx, pln, xad, xon, xpn, xtn
from adapter.mapping.to_v2.script import Script, digits
from adapter.mapping.to_v2.stated import Stated

REFERRING: Final = ("RP", "Referring Provider")
REFERRED_TO: Final = ("RT", "Referred to Provider")
_ORGANISATION_SINCE: Final = 6
"""The minor version from which PRD-10 and the fields behind it exist; a receiver of older ones passes over them."""
_HOME: Final = 13
_ANY_USE: Final = 40


def add_provider(script: Script, provider: Stated | None, role: tuple[str, str]) -> None:
    """Add a PRD; without anything that is known of the provider too, because both sides must be there."""
    person = provider.part("practitioner") if provider is not None else None
    house = provider.part("organization") if provider is not None else None
    fields = {1: script.parts(*role, "HL70286")}
    if person is not None:
        fields[2] = xpn(script, person.part("name"))
        fields[5] = script.repeated(xtn(script, one) for one in person.parts("telecom"))
        fields[7] = script.repeated(pln(script, one) for one in person.parts("identifiers"))
    if house is not None:
        country = _country(script, house)
        address = xad(script, house.part("address"), "B", country)
        if address and script.minor < _ORGANISATION_SINCE:
            fields[3] = address
        if script.minor < _ORGANISATION_SINCE:
            name = house.value.get("name")
            fields[4] = script.parts("", "", "", script.escaped(name)) if name else ""
        fields[10] = xon(script, house)
        fields[11] = address
        fields[13] = script.repeated(xtn(script, one) for one in house.parts("telecom"))
        _tell_of_use(house)
    if person is not None:
        _tell_of_use(person)
    script.add("PRD", fields)


def _country(script: Script, house: Stated) -> str:
    """Return the organisation's country as table 0399 has it, unless its address has another one."""
    own, there = house.value.get("country"), house.value.get("address", {}).get("country")
    if own and there and own != there:
        house.lose("HL7 v2 takes the country of the address for that of the organisation", "country")
        return ""
    told = "HL7 v2 has one place for the country of an organisation and of its address"
    if own and not there:
        house.remark(RemarkKind.DEFAULTED, told, "address", "country")
    if there and not own:
        house.remark(RemarkKind.DEFAULTED, told, "country")
    return script.code(house, "country", "country", length=3)


def _tell_of_use(holder: Stated) -> None:
    for one in holder.parts("telecom"):
        if one.value["system"] == "phone" and "use" not in one.value:
            one.remark(RemarkKind.DEFAULTED, "HL7 v2 takes a number in this field for one at work", "use")


def add_patient(script: Script, patient: Stated) -> None:
    """Add PID."""
    telecom = patient.parts("telecom")
    open_use = any(one.value["system"] == "phone" and "use" not in one.value for one in telecom)
    number = _ANY_USE if open_use and script.minor >= PARTS_SINCE else _HOME
    if open_use and number == _HOME:
        for one in telecom:
            if one.value["system"] == "phone" and "use" not in one.value:
                one.remark(RemarkKind.DEFAULTED, "HL7 v2 takes a number in this field for one at home", "use")
    script.add(
        "PID",
        {
            1: "1",
            3: script.repeated(cx(script, one) for one in patient.parts("identifiers")),
            5: xpn(script, patient.part("name"), "L"),
            7: digits(patient.take("birthDate")),
            8: script.code(patient, "v2-0001", "gender"),
            11: xad(script, patient.part("address"), "H"),
            15: script.parts(language(script, patient, "language"), "", "HL70296")
            if "language" in patient.value
            else "",
            number: script.repeated(xtn(script, one) for one in telecom),
        },
    )


def language(script: Script, at: Stated, *names: str) -> str:
    """Return a language as the table of languages has it."""
    tag = at.take(*names)
    if tag is None:
        return ""
    codes = script.codes.library.maps.get("language")
    found = codes.find(tag) if codes is not None else None
    if found is None or found.code is None:
        at.remark(RemarkKind.LOST, "this language tag is in no table of languages", *names)
        return ""
    if found.code != tag:
        at.remark(RemarkKind.DEFAULTED, "the language is told by its code, without what stands behind it", *names)
    return script.escaped(tag)

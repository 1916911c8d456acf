"""IN1 and IN3, DG1 and PR1: insurance, diagnoses and the planned procedure of a referral.

HL7 v2.8 chapter 6.5 and 11.3: in a referral the procedure is the one that is planned.
"""

from typing import Final

from adapter.mapping.to_v2.people import cx, unspecified, xcn
from adapter.mapping.to_v2.script import CWE_SINCE, Script, digits
from adapter.mapping.to_v2.stated import Stated

_SIDES: Final = {"left": ("LT", "Left side"), "right": ("RT", "Right side"), "both": ("50", "Bilateral procedure")}
_MODIFIER_SINCE: Final = 4


def add_insurance(script: Script, document: Stated) -> None:
    """Add IN1, with IN3 for the day of the second opinion; nothing where the insurance is not known."""
    insurance = document.part("insurance")
    if insurance is None or not {"insurer", "memberId", "scheme", "plan"} & set(insurance.value):
        return
    insurer = insurance.part("insurer")
    member = script.text(insurance, "memberId")
    script.add(
        "IN1",
        {
            1: "1",
            2: script.text(insurance, "plan") or script.parts("", _kind_of_plan(script, insurance)),
            3: _insurer(script, insurer) if insurer is not None else "",
            4: script.text(insurer, "name"),
            15: script.code(insurance, "v2-0086", "scheme"),
            36: member,
            49: script.parts(member, "", "", "", unspecified(script)) if member else "",
        },
    )
    day = document.take("consultation", "date")
    if day is not None:
        script.add("IN3", {1: "1", 22: digits(day)})


def _kind_of_plan(script: Script, insurance: Stated) -> str:
    """Return what stands as the text of a plan without a label, because IN1-2 must be there."""
    said = insurance.value.get("scheme", "").upper() or insurance.value.get("insurer", {}).get("name", "")
    return script.escaped(said)


def _insurer(script: Script, insurer: Stated) -> str:
    number = cx(script, insurer)
    parts = number.split(script.writing.component)
    return script.parts(*parts[:4], *[""] * (4 - len(parts)), "NIIP") if "".join(parts[4:]) in ("", "U") else number


def add_diagnoses(script: Script, document: Stated) -> None:
    """Add a DG1 for every diagnosis."""
    for number, diagnosis in enumerate(document.parts("diagnoses"), 1):
        script.add(
            "DG1",
            {
                1: str(number),
                3: _coded(script, diagnosis, diagnosis if "code" in diagnosis.value else None),
                5: digits(diagnosis.take("since")),
                6: "W",  # table 0052: working
            },
        )


def add_procedure(script: Script, document: Stated) -> None:
    """Add PR1 where something is planned."""
    planned = document.part("plannedProcedure")
    if planned is None:
        return
    code = planned.part("code")
    side = _SIDES.get(str(planned.value.get("laterality")))
    modifier = ""
    if side and script.minor >= _MODIFIER_SINCE:
        planned.take("laterality")
        modifier = script.parts(*side, "HL70340")
    surgeon = planned.part("performer", "practitioner")
    can_name = surgeon is not None and script.minor < CWE_SINCE
    if code is not None:
        code.lose("HL7 v2 has one text for the procedure: what is planned, in words", "display")
    script.add(
        "PR1",
        {
            1: "1",
            3: _coded(script, planned, code),
            5: digits(planned.take("date")),
            11: script.parts(*xcn(script, surgeon)) if surgeon is not None and can_name else "",
            16: modifier,
        },
    )


def _coded(script: Script, said: Stated, code: Stated | None) -> str:
    """Return a text, and the code that stands for it, as CE or CWE.

    Args:
        script: the message.
        said: what holds the text.
        code: what holds system, code and version; None = there is none.
    """
    text = script.text(said, "text", formatted=True)
    if code is None:
        return script.parts("", text)
    uri, version = str(code.take("system")), code.value.get("version")
    name, told_version, told = script.codes.code_system(uri, version, coded_version=script.minor >= CWE_SINCE)
    if told:
        code.take("version")
    else:
        code.lose("HL7 v2 has no place for the version of this code system before version 2.6", "version")
    value = script.text(code, "code")
    return script.parts(value, text, script.escaped(name), "", "", "", script.escaped(told_version))

"""Messages that are neither a request nor a report: a word about a case, and records alone (HL7 v2.8 chapter 11)."""

import base64
import itertools
from pathlib import Path

import pytest

SAMPLE = (Path(__file__).parent / "referral.hl7").read_bytes()
ER7 = "x-application/hl7-v2+er7"
NUMBERS = itertools.count(1)
PDF = base64.b64encode(b"%PDF-1.4 TEST").decode()
PATIENT = "PID|1||T000111223^^^GKV^NH||M\xfcller^J\xfcrgen^TEST||19600402|M"


def head(kind, number):
    return f"MSH|^~\\&|KIS|KLINIK-A|PVS|PRAXIS-B|20260312090000+0100||{kind}|W-{number}|P|2.5.1||||||8859/1"


def message(kind, *segments):
    return "\r".join((head(kind, next(NUMBERS)), *segments, "")).encode("latin-1")


def sent(house, body):
    return house.post(body, **{"Content-Type": ER7})


def words(response):
    return [issue["details"]["text"] for issue in response.json()["issue"]]


@pytest.fixture
def house(lasting_pair):
    return lasting_pair["klinik-a"]


@pytest.fixture
def case(house):
    """A case that came as a referral of HL7 v2 and waits for the patient's consent."""
    number = f"WORD-{next(NUMBERS)}"
    body = SAMPLE.replace(b"REF-1", number.encode()).replace(b"|KA-1|", f"|KA-{number}|".encode())
    assert sent(house, body).status_code == 202
    return number


def test_a_cancelled_referral_takes_the_case_back_once(house, case):
    body = message("REF^I14^REF_I12", f"RF1||||||{case}", PATIENT)
    first = sent(house, body)
    assert first.status_code == 202
    assert house.case(case)["status"] == "cancelled"
    assert house.case(case)["reason"] == "other"
    again = sent(house, body)
    assert (again.status_code, again.json()) == (202, first.json())


def test_a_query_tells_how_the_case_stands_and_changes_nothing(house, case):
    before = house.kinds(case)
    answer = sent(house, message("REF^I15^REF_I12", f"RF1||||||{case}", PATIENT))
    assert answer.status_code == 202
    assert "the case is requested, awaiting-consent" in words(answer)
    assert house.kinds(case) == before


def test_a_word_about_a_case_that_is_not_here_is_refused_at_its_field(house):
    answer = sent(house, message("REF^I14^REF_I12", "RF1||||||NOWHERE-1", PATIENT))
    assert answer.status_code == 404
    assert any("RF1-6" in text for text in words(answer))


def test_what_the_other_side_decides_is_not_for_this_one_to_say(house, case):
    answer = sent(house, message("RRI^I12^RRI_I12", f"RF1|A|||||{case}", PATIENT))
    assert answer.status_code == 409
    assert house.case(case)["status"] == "requested"


def test_a_changed_referral_takes_the_place_of_the_one_that_waits(house, case):
    changed = SAMPLE.replace(b"REF^I12^REF_I12", b"REF^I13^REF_I12").replace(b"REF-1", case.encode())
    changed = changed.replace(b"|KA-1|", f"|KA-{case}-2|".encode()).replace(b"RF1||R^", b"RF1||S^")
    assert sent(house, changed).status_code == 202
    assert house.kinds(case)[-2:] != []
    assert "corrected" in house.kinds(case)
    request = next(one for one in house.resources(case, "ServiceRequest") if one["intent"] != "plan")
    assert request["priority"] == "stat"


def test_records_alone_are_kept_and_named_and_open_no_case(house):
    before = len(house.get("/cases"))
    letter = f"OBX|1|ED|18842-5^Discharge summary^LN||^application^pdf^Base64^{PDF}||||||F"
    answer = sent(house, message("ORU^R01^ORU_R01", PATIENT, "OBR|1|||18842-5^Discharge summary^LN|||20260301", letter))
    assert answer.status_code == 202
    assert "location" not in answer.headers
    assert len(house.get("/cases")) == before
    sha256 = next(text.split("sha256 ")[1][:64] for text in words(answer) if "sha256" in text)
    assert house.http.get(f"/intake/records/{sha256}").content == b"%PDF-1.4 TEST"
    assert any("OBR" in text and "sha256" in text for text in words(answer))

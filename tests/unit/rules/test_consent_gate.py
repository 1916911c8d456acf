"""https://profiles.ihe.net/ITI/PCF/ and https://hl7.org/fhir/R4/consent.html"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapter.domain.clearance import Cleared, GateSeal, Refusal
from adapter.domain.consent import ConsentGrant, Purpose, Recipient
from adapter.domain.records import Record
from adapter.rules.consent_gate import clear

BERLIN, AMSTERDAM = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Amsterdam")
HOSPITAL = Recipient(identifiers=frozenset({"urn:ura|00009002"}), name="Catharina")
OTHER = Recipient(identifiers=frozenset({"urn:ura|00009003"}), name="Catharina")
NOON = datetime(2026, 4, 10, 12, tzinfo=AMSTERDAM)
LETTER = Record(id="DOC-1", confidentiality="N")


def a_permission(**changed):
    granted = ConsentGrant(
        purpose=Purpose.SHARE_RECORDS,
        permits=True,
        recipients=HOSPITAL.identifiers,
        since=date(2026, 4, 9),
        until=date(2026, 12, 31),
        reference="c1",
    )
    return replace(granted, **changed)


def a_refusal(**changed):
    return a_permission(**{"permits": False, "until": None, "reference": "c0"} | changed)


def asked(*grants, record=None, recipient=HOSPITAL, moment=NOON, zone=AMSTERDAM, purpose=Purpose.SHARE_RECORDS):
    return clear(
        "the item",
        grants=grants,
        purpose=purpose,
        recipient=recipient,
        moment=moment,
        time_zone=zone,
        record=record,
    )


def code_of(verdict):
    return verdict.code if isinstance(verdict, Refusal) else "cleared"


def test_a_permission_clears_and_says_what_it_rests_on():
    verdict = asked(a_permission())
    assert isinstance(verdict, Cleared)
    assert (verdict.item, verdict.grant, verdict.purpose) == ("the item", "c1", Purpose.SHARE_RECORDS)
    assert (verdict.recipient, verdict.at) == ("urn:ura|00009002", NOON)


def test_nobody_else_can_make_a_clearance():
    with pytest.raises(TypeError):
        Cleared("x", seal=GateSeal(), recipient="", purpose=None, at=NOON, grant=None)


@pytest.mark.parametrize(
    ("grants", "code", "where"),
    [
        ([], "no-statement", "/consent/shareRecords"),
        ([a_permission(purpose=Purpose.ASK_INSURER)], "no-statement", "/consent/shareRecords"),
        ([a_refusal()], "refused", "/consent/shareRecords/given"),
        ([a_refusal(active=False)], "no-statement", "/consent/shareRecords"),
        ([a_permission(active=False)], "withdrawn", "/consent/shareRecords"),
        ([a_permission(recipients=OTHER.identifiers)], "other-recipient", "/consulting/organization/identifiers"),
        ([a_permission(by_representative=True)], "no-authority", "/proxy/patientAgrees"),
        ([a_permission(since=date(2026, 4, 11))], "not-yet", "/consent/shareRecords/on"),
        ([a_permission(until=date(2026, 4, 9))], "expired", "/consent/shareRecords/until"),
    ],
)
def test_without_a_permission_in_force_nothing_leaves(grants, code, where):
    verdict = asked(*grants)
    assert (code_of(verdict), verdict.where) == (code, where)


@pytest.mark.parametrize(
    ("purpose", "where"),
    [
        (Purpose.SHARE_RECORDS, "/consulting/organization/identifiers"),
        (Purpose.RETURN_REPORT, "/treating/organization/identifiers"),
        (Purpose.ASK_INSURER, "/insurance/insurer"),
    ],
)
def test_another_recipient_is_named_where_the_request_names_it(purpose, where):
    verdict = asked(a_permission(purpose=purpose), recipient=OTHER, purpose=purpose)
    assert (verdict.code, verdict.where) == ("other-recipient", where)


def test_of_several_permissions_the_one_nearest_to_clearing_is_explained():
    assert code_of(asked(a_permission(active=False), a_permission(until=date(2026, 4, 9)))) == "expired"


def test_a_representative_with_authority_may_permit():
    assert code_of(asked(a_permission(by_representative=True, representative_may=True))) == "cleared"


def test_a_refusal_counts_even_from_a_representative_without_authority():
    assert code_of(asked(a_permission(), a_refusal(by_representative=True, since=date(2026, 4, 10)))) == "refused"


# --- recipients


def test_names_count_only_where_neither_side_has_identifiers():
    by_name = a_permission(recipients=frozenset(), recipient_name="Catharina")
    assert code_of(asked(by_name, recipient=Recipient(name="Catharina"))) == "cleared"
    assert code_of(asked(by_name, recipient=Recipient(name="catharina"))) == "other-recipient"
    assert code_of(asked(by_name, recipient=HOSPITAL)) == "other-recipient"
    assert code_of(asked(a_permission(recipient_name="Catharina"), recipient=Recipient(name="Catharina"))) == (
        "other-recipient"
    )


def test_a_permission_for_nobody_matches_nobody():
    assert code_of(asked(a_permission(recipients=frozenset()), recipient=Recipient())) == "other-recipient"


def test_a_refusal_that_surely_means_somebody_else_does_not_count():
    assert code_of(asked(a_permission(), a_refusal(recipients=OTHER.identifiers))) == "cleared"


@pytest.mark.parametrize("recipients", [frozenset(), frozenset({"urn:agb|01019999"})])
def test_a_refusal_that_may_mean_this_recipient_counts(recipients):
    assert code_of(asked(a_permission(), a_refusal(recipients=recipients))) == "refused"


# --- which statement wins


@pytest.mark.parametrize(
    ("permitted", "refused", "code"),
    [
        (date(2026, 4, 9), date(2026, 4, 8), "cleared"),
        (date(2026, 4, 9), date(2026, 4, 9), "refused"),
        (date(2026, 4, 8), date(2026, 4, 9), "refused"),
        (None, date(2026, 4, 9), "refused"),
        (date(2026, 4, 9), None, "refused"),
        (None, None, "refused"),
    ],
)
def test_the_later_of_two_equal_statements_wins_and_in_doubt_the_refusal(permitted, refused, code):
    assert code_of(asked(a_permission(since=permitted), a_refusal(since=refused))) == code


def test_a_named_record_leaves_although_all_was_refused_on_the_same_day():
    named = a_permission(records=frozenset({"DOC-1"}))
    assert code_of(asked(named, a_refusal(), record=LETTER)) == "cleared"


def test_a_later_refusal_of_all_beats_an_earlier_named_permission():
    named = a_permission(records=frozenset({"DOC-1"}))
    assert code_of(asked(named, a_refusal(since=date(2026, 4, 10)), record=LETTER)) == "refused"


def test_a_named_refusal_beats_any_later_permission_for_all():
    grants = a_permission(since=date(2026, 4, 10)), a_refusal(records=frozenset({"DOC-1"}))
    assert code_of(asked(*grants, record=LETTER)) == "refused"
    assert code_of(asked(*grants, record=Record(id="DOC-2"))) == "cleared"
    assert code_of(asked(*grants)) == "cleared", "the request itself is not the record that was refused"


# --- records


def test_a_permission_that_names_records_clears_these_and_the_request():
    named = a_permission(records=frozenset({"DOC-1"}))
    assert code_of(asked(named, record=LETTER)) == "cleared"
    assert code_of(asked(named)) == "cleared"
    verdict = asked(named, record=Record(id="DOC-2"))
    assert (verdict.code, verdict.where, verdict.record) == (
        "record-not-named",
        "/consent/shareRecords/records",
        "DOC-2",
    )


@pytest.mark.parametrize("record", [Record(id="DOC-1", confidentiality="V"), Record(id="DOC-1", sensitivity=("PSY",))])
def test_a_very_restricted_or_sensitive_record_must_be_named(record):
    verdict = asked(a_permission(), record=record)
    assert (verdict.code, verdict.where) == ("must-be-named", "/consent/shareRecords/records")
    assert code_of(asked(a_permission(records=frozenset({"DOC-1"})), record=record)) == "cleared"


@pytest.mark.parametrize("confidentiality", [None, "N", "R"])
def test_up_to_restricted_a_permission_for_all_is_enough(confidentiality):
    assert code_of(asked(a_permission(), record=replace(LETTER, confidentiality=confidentiality))) == "cleared"


def test_a_confidentiality_that_nobody_knows_is_treated_as_very_restricted():
    assert code_of(asked(a_permission(), record=replace(LETTER, confidentiality="X"))) == "must-be-named"


# --- days


@pytest.mark.parametrize("zone", [BERLIN, AMSTERDAM], ids=str)
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1), date(2026, 12, 31)], ids=str)
def test_the_first_and_the_last_day_are_included_to_the_second_also_when_the_clocks_change(zone, day):
    one_day = a_permission(since=day, until=day)
    begin = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    after = (day + timedelta(days=1)).timetuple()
    end = datetime(after.tm_year, after.tm_mon, after.tm_mday, tzinfo=zone).astimezone(UTC)
    second = timedelta(seconds=1)
    verdicts = [asked(one_day, moment=at, zone=zone) for at in (begin - second, begin, end - second, end)]
    assert [code_of(verdict) for verdict in verdicts] == ["not-yet", "cleared", "cleared", "expired"]


def test_the_day_is_the_organisations_and_not_that_of_the_moments_offset():
    last_day = a_permission(until=date(2026, 4, 10))
    late = datetime(2026, 4, 10, 22, 30, tzinfo=UTC)
    assert code_of(asked(last_day, moment=late, zone=AMSTERDAM)) == "expired"
    assert code_of(asked(last_day, moment=late, zone=ZoneInfo("UTC"))) == "cleared"


def test_an_end_that_means_never_is_no_trouble():
    assert code_of(asked(a_permission(until=date.max))) == "cleared"


def test_a_moment_without_offset_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="offset"):
        asked(a_permission(), moment=datetime(2026, 4, 10, 12))  # noqa: DTZ001 - that is the point


# --- whatever was said

days = st.none() | st.dates(date(2026, 4, 1), date(2026, 4, 20))
tokens = st.frozensets(st.sampled_from(["urn:ura|00009002", "urn:ura|00009003", "urn:agb|01019999"]), max_size=2)
statements = st.builds(
    ConsentGrant,
    purpose=st.sampled_from(Purpose),
    permits=st.booleans(),
    active=st.booleans(),
    recipients=tokens,
    recipient_name=st.sampled_from([None, "Catharina", "Klinik"]),
    by_representative=st.booleans(),
    representative_may=st.booleans(),
    since=days,
    until=days,
    records=st.none() | st.frozensets(st.sampled_from(["DOC-1", "DOC-2"])),
    reference=st.none() | st.sampled_from(["a", "b", "c"]),
)
records = st.none() | st.builds(
    Record,
    id=st.sampled_from(["DOC-1", "DOC-2", "DOC-3"]),
    confidentiality=st.sampled_from([None, "N", "R", "V", "?"]),
    sensitivity=st.sampled_from([(), ("PSY",)]),
)
recipients = st.builds(Recipient, identifiers=tokens, name=st.sampled_from([None, "Catharina"]))
moments = st.datetimes(datetime(2026, 3, 30), datetime(2026, 4, 22)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(said=st.lists(statements, max_size=6), record=records, recipient=recipients, moment=moments)
def test_whatever_was_said_only_a_fitting_permission_in_force_clears(said, record, recipient, moment):
    verdict = asked(*said, record=record, recipient=recipient, moment=moment)
    if isinstance(verdict, Refusal):
        assert verdict.where.startswith("/")
        return
    today = moment.astimezone(AMSTERDAM).date()
    assert any(
        grant.permits
        and grant.active
        and grant.purpose is Purpose.SHARE_RECORDS
        and (grant.since is None or grant.since <= today)
        and (grant.until is None or today <= grant.until)
        and (grant.representative_may or not grant.by_representative)
        and (
            grant.recipients & recipient.identifiers
            or (not grant.recipients | recipient.identifiers and grant.recipient_name == recipient.name is not None)
        )
        and (record is None or grant.records is None or record.id in grant.records)
        and grant.reference == verdict.grant
        for grant in said
    )


@given(said=st.lists(statements, max_size=5), record=records, recipient=recipients, moment=moments, data=st.data())
def test_the_order_in_which_statements_are_known_does_not_matter(said, record, recipient, moment, data):
    shuffled = data.draw(st.permutations(said))
    verdicts = [asked(*order, record=record, recipient=recipient, moment=moment) for order in (said, shuffled)]
    assert code_of(verdicts[0]) == code_of(verdicts[1])


@given(said=st.lists(statements, max_size=5), record=records, recipient=recipients, moment=moments, refusal=statements)
def test_one_refusal_more_never_clears_anything(said, record, recipient, moment, refusal):
    before = asked(*said, record=record, recipient=recipient, moment=moment)
    after = asked(*said, replace(refusal, permits=False), record=record, recipient=recipient, moment=moment)
    assert isinstance(before, Cleared) or isinstance(after, Refusal)


@given(said=st.lists(statements, max_size=5), record=records, recipient=recipients, moment=moments)
def test_after_a_refusal_of_everything_today_nothing_leaves(said, record, recipient, moment):
    today = moment.astimezone(AMSTERDAM).date()
    earlier = [grant for grant in said if grant.since is None or grant.since < today]
    refusal = a_refusal(recipients=frozenset(), since=today)
    assert isinstance(asked(*earlier, refusal, record=record, recipient=recipient, moment=moment), Refusal)

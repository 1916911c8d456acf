"""https://hl7.org/fhir/R4/profiling.html: what a message claims of our profiles, and what its answer tells of warnings."""


def entry(message, kind):
    return next(one["resource"] for one in message["entry"] if one["resource"]["resourceType"] == kind)


def is_taken(response):
    """Tell whether the answering message says ok."""
    assert response.status_code == 200, response.text
    return entry(response.json(), "MessageHeader")["response"]["code"] == "ok"


def remarks(response):
    """Return the issues of the answering message's outcome as (severity, code, place)."""
    outcome = entry(response.json(), "OperationOutcome")
    return [(one["severity"], one["code"], one.get("expression", [None])[0]) for one in outcome["issue"]]


def test_what_breaks_a_profile_that_it_claims_is_refused_and_kept(pair, post, request_message, issues):
    index = next(i for i, one in enumerate(request_message["entry"]) if one["resource"]["resourceType"] == "Task")
    task = request_message["entry"][index]["resource"]
    assert task["meta"]["profile"]
    task["code"] = {"text": "something else"}
    response = post(request_message)
    assert response.status_code == 422
    assert any("profile" in text or "must contain" in text for _, text in issues(response))
    assert f"Bundle.entry[{index}].resource" in response.text
    assert pair["catharina-kliniek"].counts()["case_view"] == 0
    assert len(pair["catharina-kliniek"].quarantine()) == 1


def unclaimed(message):
    """Return the message as a partner sends it that knows nothing of our profiles."""
    for one in [message, *(one["resource"] for one in message["entry"])]:
        one.pop("meta", None)
    return message


def test_a_partner_that_claims_nothing_is_held_against_r4_alone(pair, post, request_message):
    message = unclaimed(request_message)
    entry(message, "Task")["code"] = {"text": "R4 allows it"}
    assert is_taken(post(message))


def test_a_partner_of_another_release_is_told_and_not_refused(post, request_message):
    task = entry(unclaimed(request_message), "Task")
    task["meta"] = {"profile": ["https://second-opinion.example/fhir/StructureDefinition/SecondOpinionTask|0.0.1"]}
    task["intent"] = "plan"
    response = post(request_message)
    assert is_taken(response)
    assert any(severity == "warning" and ".resource.intent" in str(place) for severity, _, place in remarks(response))


def test_warnings_and_what_is_not_checked_travel_in_the_answer(post, request_message):
    message = unclaimed(request_message)
    patient = entry(message, "Patient")
    patient["meta"] = {"profile": ["https://elsewhere.example/Patient"]}
    patient.pop("text", None)
    response = post(message)
    assert is_taken(response)
    told = remarks(response)
    assert told[0] == ("information", "informational", None)
    assert any(code == "invariant" and severity == "warning" for severity, code, _ in told)
    assert any(code == "not-supported" and ".meta.profile" in str(place) for _, code, place in told)


def test_many_warnings_are_cut_short(post, request_message):
    message = unclaimed(request_message)
    patient = entry(message, "Patient")
    extension = {"url": "http://hl7.org/fhir/StructureDefinition/of-later", "valueString": "x"}
    patient["extension"] = [dict(extension) for _ in range(80)]
    response = post(message)
    assert is_taken(response)
    told = remarks(response)
    assert len(told) == 52
    assert told[-1][1] == "incomplete"

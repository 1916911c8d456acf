"""Nodes are killed in the middle of their work: nothing that was acknowledged is lost, doubled or stuck.

https://www.sqlite.org/atomiccommit.html
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

pytestmark = [pytest.mark.crash, pytest.mark.slow]
CASES = 12
ALL = Counter({f"CASE-{number}": 1 for number in range(CASES)})


def post(hospital, path, body):
    """Post until it is acknowledged, as a careful client does; return the status."""
    tries = 0
    while True:
        tries += 1
        try:
            with hospital.client() as client:
                response = client.post(path, json=body)
        except httpx.TransportError:
            assert tries < 3000
            threading.Event().wait(0.02)
            continue
        assert response.status_code < 500, response.text
        return response.status_code


def post_all(hospital, path, bodies):
    with ThreadPoolExecutor(4) as callers:
        return list(callers.map(lambda body: post(hospital, path, body), bodies))


def kill_when(hospital, wait_until, reached):
    """Kill the hospital's node as soon as something is so, and start it again."""
    wait_until(reached, "the moment to kill has come")
    hospital.process.kill()
    hospital.process.start()


def nothing_lost_doubled_or_stuck(treating, consulting, wait_until, status):
    wait_until(lambda: treating.statuses() == consulting.statuses() == {status: CASES}, f"all are {status}", seconds=60)
    wait_until(lambda: treating.quiet() and consulting.quiet(), "nothing waits", seconds=60)
    for hospital in (treating, consulting):
        assert hospital.rows("select kind, attempts, last_error from work where state = 'dead'") == []
        assert hospital.rows("select sender, reason from quarantine") == []
        assert hospital.count("case_view") == CASES


def test_a_receiver_that_is_killed_while_requests_and_records_arrive(hospitals, request_number, wait_until):
    treating, consulting = hospitals
    for hospital in hospitals:
        hospital.process.launch()
    for hospital in hospitals:
        hospital.process.await_ready()
    sending = threading.Thread(
        target=post_all, args=(treating, "/intake", [request_number(number) for number in range(CASES)])
    )
    sending.start()
    kill_when(consulting, wait_until, lambda: consulting.count("case_view") >= 1)
    kill_when(consulting, wait_until, lambda: consulting.count("case_view") >= 5)
    sending.join()
    nothing_lost_doubled_or_stuck(treating, consulting, wait_until, "received")
    assert treating.events("received") == consulting.events("requested") == consulting.events("received") == ALL

    deciding = threading.Thread(
        target=lambda: [post(consulting, f"/cases/CASE-{number}/accept", {}) for number in range(CASES)]
    )
    deciding.start()
    kill_when(consulting, wait_until, lambda: consulting.count("inbox", "status = 200") >= CASES + 2)
    deciding.join()
    nothing_lost_doubled_or_stuck(treating, consulting, wait_until, "in-progress")
    assert consulting.events("records-received") == treating.events("records-received") == ALL
    got = consulting.messages()
    assert Counter({case: n for (code, case), n in got.items() if code == "I12"}) == ALL
    assert Counter({case: n for (code, case), n in got.items() if code == "records"}) == ALL
    for number, detail in consulting.rows("select number, detail from case_view"):
        assert detail.count("sha256") == 2, number


def test_a_sender_that_is_killed_while_it_accepts_and_delivers(hospitals, request_number, report_number, wait_until):
    treating, consulting = hospitals
    for hospital in hospitals:
        hospital.process.launch()
    for hospital in hospitals:
        hospital.process.await_ready()
    answers = []
    sending = threading.Thread(
        target=lambda: answers.extend(
            post_all(treating, "/intake", [request_number(number) for number in range(CASES)])
        )
    )
    sending.start()
    kill_when(treating, wait_until, lambda: treating.count("case_view") >= 2)
    kill_when(treating, wait_until, lambda: consulting.count("case_view") >= 5)
    sending.join()
    assert answers == [202] * CASES
    nothing_lost_doubled_or_stuck(treating, consulting, wait_until, "received")
    assert consulting.events("requested") == treating.events("requested") == ALL

    for number in range(CASES):
        assert post(consulting, f"/cases/CASE-{number}/accept", {}) == 200
    kill_when(treating, wait_until, lambda: consulting.count("case_view", "status = 'in-progress'") >= 3)
    nothing_lost_doubled_or_stuck(treating, consulting, wait_until, "in-progress")

    reporting = threading.Thread(
        target=post_all, args=(consulting, "/intake", [report_number(number) for number in range(CASES)])
    )
    reporting.start()
    kill_when(treating, wait_until, lambda: treating.count("case_view", "status = 'completed'") >= 2)
    reporting.join()
    nothing_lost_doubled_or_stuck(treating, consulting, wait_until, "completed")
    assert treating.events("reported") == consulting.events("reported") == ALL
    got = treating.messages()
    assert Counter({case: n for (code, case), n in got.items() if code == "report"}) == ALL
    assert treating.count("resource_version", "type = 'DiagnosticReport'") == CASES


def test_a_partner_that_is_down_is_tried_again_and_gets_everything_once_it_is_up(hospitals, request_number, wait_until):
    treating, consulting = hospitals
    treating.process.start()
    for number in range(3):
        assert post(treating, "/intake", request_number(number)) == 202
    wait_until(lambda: treating.count("work", "attempts >= 2") == 3, "everything was tried again")
    delays = treating.rows("select (julianday(next_attempt_at) - julianday(created_at)) * 86400 from work")
    assert all(0.5 < delay < 60 for (delay,) in delays)
    assert treating.statuses() == {"requested": 3}
    consulting.process.start()
    wait_until(lambda: consulting.statuses() == treating.statuses() == {"received": 3}, "they arrived")
    wait_until(treating.quiet, "nothing waits")
    assert consulting.count("inbox") == 3
    assert treating.count("work", "state = 'dead'") == 0

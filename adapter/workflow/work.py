"""The kinds of work that have an outside effect; each is written down with the state that makes it necessary."""

from enum import StrEnum


class WorkKind(StrEnum):
    """What is to be done."""

    SEND_REQUEST = "send-request"
    SEND_STATUS = "send-status"
    SEND_RECORDS = "send-records"
    SEND_REPORT = "send-report"
    SEND_CLOSED = "send-closed"
    SEND_CANCEL = "send-cancel"
    WRITE_CASE = "write-case"
    TELL_STATUS_BY_V2 = "tell-status-by-v2"  # to the system that asked by HL7 v2
    TELL_REPORT_BY_V2 = "tell-report-by-v2"
    SEND_ACKNOWLEDGEMENT = "send-acknowledgement"  # of an HL7 v2 message; there may be no case

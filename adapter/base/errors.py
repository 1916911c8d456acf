"""Every way in which a step can fail, as one tree; a proper "no" is a decision, not an error.

* AdapterError
  - InputError           the sender must change something; never retried
    - Unreadable         400 structure       not JSON, not XML, not UTF-8
    - UnknownFormat      415 not-supported   readable, but nothing here claims it
    - NotAcceptable      406 not-supported   no representation that the caller accepts
    - TooLarge           413 too-long        beyond a stated limit
    - Invalid            422 invalid         one or many problems, each with its place
    - Withheld           403 suppressed      the patient's consent does not allow it
  - AccessError
    - NotAuthenticated   401 login
    - NotPermitted       403 forbidden
  - StateError           right in itself, wrong at this moment
    - NotFound           404 not-found       also for what belongs to somebody else
    - Gone               410 deleted         it was here, and is not any more
    - DuplicateDiffers   409 duplicate       the same id with another content
    - IllegalTransition  409 business-rule   the lifecycle forbids it
    - StaleVersion       412 conflict
  - StoreUnavailable     503 transient       this node cannot read or write just now; try again
  - PeerError            the other side; kept and retried unless it said no
    - PeerUnavailable    503 transient       retried
    - PeerTimeout        504 timeout         retried
    - PeerThrottled      503 throttled       retried, not before what it asked for
    - PeerRejected       502 processing      not retried
  - SetupError           found at start: settings, packs, mappings; exit status 78

The HTTP status and issue code of each class are data here; `adapter.fhir.outcomes` is the only translator.
Issue codes: https://hl7.org/fhir/R4/valueset-issue-type.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words that may be shown to the sender (never patient data).

    Attributes:
        text: what is wrong and what to do about it.
        where: the place in the sender's own terms ("/patient/birthDate" by RFC 6901, "RF1-6",
            "ServiceRequest.subject"); None when the whole message is meant.
        code: an IssueType code; None means the code of the error that carries the problem.
        severity: "fatal", "error", "warning" or "information".
        line: 1-based line in the source text, None when unknown.
        column: 1-based column in the source text, None when unknown.
    """

    text: str
    where: str | None = None
    code: str | None = None
    severity: str = "error"
    line: int | None = None
    column: int | None = None


class AdapterError(Exception):
    """Base of the tree: catch it, raise one of its leaves."""

    status: ClassVar[int] = 500
    issue: ClassVar[str] = "exception"
    retryable: ClassVar[bool] = False
    exit_status: ClassVar[int] = 70  # EX_SOFTWARE

    def __init__(self, text: str, *, where: str | None = None, problems: Sequence[Problem] = ()) -> None:
        """Say what failed.

        Args:
            text: safe to show to the caller.
            where: the culprit in the sender's terms; ignored when `problems` are given.
            problems: all that was found, in order; empty means the text alone is the problem.
        """
        super().__init__(text)
        self.text = text
        self.problems = tuple(problems) or (Problem(text, where),)


class InputError(AdapterError):
    """The sender's message is at fault."""

    status = 422
    issue = "invalid"
    exit_status = 65  # EX_DATAERR


class Unreadable(InputError):
    """Not even syntax."""

    status = 400
    issue = "structure"


class UnknownFormat(InputError):
    """Well formed, but of a kind or version that nothing here reads."""

    status = 415
    issue = "not-supported"


class NotAcceptable(InputError):
    """The caller asks for a representation that does not exist here."""

    status = 406
    issue = "not-supported"


class TooLarge(InputError):
    """Beyond a limit; the text says which."""

    status = 413
    issue = "too-long"


class Invalid(InputError):
    """The content breaks its own rules; carries every problem found."""


class Withheld(InputError):
    """Nothing may leave, because the patient did not agree to it."""

    status = 403
    issue = "suppressed"


class AccessError(AdapterError):
    """The caller may not do this."""

    status = 403
    issue = "forbidden"
    exit_status = 77  # EX_NOPERM


class NotAuthenticated(AccessError):
    """No token, or one that nobody here knows."""

    status = 401
    issue = "login"


class NotPermitted(AccessError):
    """A known caller, but not for this."""


class StateError(AdapterError):
    """The request is fine in itself, but not in the present state."""

    status = 409
    issue = "conflict"
    exit_status = 65


class NotFound(StateError):
    """Not there, or not the caller's: the answer is the same."""

    status = 404
    issue = "not-found"


class Gone(StateError):
    """It was the caller's own and has been deleted."""

    status = 410
    issue = "deleted"


class DuplicateDiffers(StateError):
    """An id that was seen before comes back with another content."""

    issue = "duplicate"


class IllegalTransition(StateError):
    """The lifecycle has no such step from where the case stands."""

    issue = "business-rule"


class StaleVersion(StateError):
    """Somebody else wrote first."""

    status = 412


class StoreUnavailable(AdapterError):
    """The node's own database or disk does not answer, is locked or full; nothing was accepted."""

    status = 503
    issue = "transient"
    retryable = True
    exit_status = 75  # EX_TEMPFAIL


class PeerError(AdapterError):
    """The other side failed or refused."""

    status = 502
    issue = "processing"
    exit_status = 75  # EX_TEMPFAIL

    def __init__(
        self,
        text: str,
        *,
        where: str | None = None,
        problems: Sequence[Problem] = (),
        retry_after_seconds: float | None = None,
    ) -> None:
        """Like AdapterError; `retry_after_seconds` is what the peer asked for, None if it did not say."""
        super().__init__(text, where=where, problems=problems)
        self.retry_after_seconds = retry_after_seconds


class PeerUnavailable(PeerError):
    """No connection, or it answered 5xx."""

    status = 503
    issue = "transient"
    retryable = True


class PeerTimeout(PeerError):
    """No answer in time; it may or may not have acted."""

    status = 504
    issue = "timeout"
    retryable = True


class PeerThrottled(PeerError):
    """It asks to come back later."""

    status = 503
    issue = "throttled"
    retryable = True


class PeerRejected(PeerError):
    """It understood and said no; trying again would not help."""

    exit_status = 65  # what was sent is at fault, not the connection


class SetupError(AdapterError):
    """A setting, pack or mapping is wrong; found at start."""

    issue = "processing"
    exit_status = 78  # EX_CONFIG

"""Log lines as JSON on standard error: what happened to which message, never who the patient is.

Only keys that are listed in `ALLOWED` leave the process; a key that nobody vetted is dropped and counted, so that
a careless `log.info("...", patient=...)` cannot leak.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        *("event", "level", "timestamp", "correlation", "version", "clock", "count", "error", "reason"),
        *("node", "worker", "address", "method", "route", "status", "seconds", "bytes", "url"),
        *("org", "partner", "case", "work", "message", "kind", "attempt", "where"),
    },
)


def _only_vetted(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    unknown = [key for key in line if key not in ALLOWED]
    for key in unknown:
        del line[key]
    if unknown:
        line["count"] = len(unknown)
        line["error"] = "keys that are not vetted were dropped"
    return line


class _Foreign(logging.Handler):
    """What libraries log becomes a line that says where, never what: their messages may quote patient data."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__ if error is not None else record.levelname.lower()
        where = place_of(error) if error is not None else f"{record.filename}:{record.lineno}"
        write = logger().error if record.levelno >= logging.ERROR else logger().warning
        write("library", kind=record.name, error=kind, where=where)


def configure_logs(level: str = "info") -> None:
    """Send structured lines to standard error from `level` upwards ("debug", "info", "warning", "error").

    Warnings and errors of libraries go the same way; without this Python would write their full text.
    """
    root = logging.getLogger()
    if not any(isinstance(handler, _Foreign) for handler in root.handlers):
        root.addHandler(_Foreign(logging.WARNING))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_vetted,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def logger() -> Any:
    """Return the logger; its calls take a short event name and vetted keys."""
    return structlog.get_logger()


def place_of(error: BaseException) -> str:
    """Return "file:line" where an unexpected error was raised; never its message, which may quote data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"

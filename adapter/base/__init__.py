"""What every room needs and nothing knows about health care: errors, clock, ids, logs, shipped data.

Standard library (and structlog for the log lines) only; imports nothing else of the adapter.
"""

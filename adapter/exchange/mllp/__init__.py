"""HL7 v2 over MLLP: frames, a listener and a sender on asyncio and python-hl7; transport only, no message is read.

The protocol: HL7 Transport Specification MLLP, release 1 (the acknowledgement is a message of its own, not a byte).
"""

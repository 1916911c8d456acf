"""Writes HL7 v2 messages: acknowledgements, answers, and what is sent to partners who speak it."""

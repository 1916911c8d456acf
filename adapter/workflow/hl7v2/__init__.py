"""HL7 v2 messages at the front door: who may send them, what becomes of them, and which acknowledgements they get."""

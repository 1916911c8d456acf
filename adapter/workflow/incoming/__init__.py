"""What a partner's message does to a case: one file an event, each within the one transaction that takes it."""

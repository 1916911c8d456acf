"""Pure decisions: coverage by dated packs, and the consent gate; no I/O while a case is handled."""

"""The command-line face: one file a verb; no decisions here."""

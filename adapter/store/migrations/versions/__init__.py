"""One module per change of the tables, oldest first by `down_revision`; never edited once released."""

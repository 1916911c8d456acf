"""Durable truth on SQLite or PostgreSQL and the blob files; knows no peers and makes no decisions."""

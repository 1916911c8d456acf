"""The history of the tables, run by Alembic when a store is opened; ships inside the package.

A new revision is a module in `versions/` that names the one before it, and the new value of `HEAD`.
"""

HEAD = "0001"
"""The revision that this version of the adapter works with."""

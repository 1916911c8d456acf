"""The tables that say where every field of a foreign format goes: their language, their loader and their engine.

The language is described in `mappings/README.md`. Nothing is parsed while a message is mapped.
"""

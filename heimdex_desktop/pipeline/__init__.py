"""Turns a dropped video into searchable scenes."""

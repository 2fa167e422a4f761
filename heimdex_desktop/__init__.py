"""Heimdex Desktop finds any moment in your own videos, and nothing leaves the computer."""

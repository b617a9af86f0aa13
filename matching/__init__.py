"""Pair terminal makers' needs with chip product sheets, and say why. No web, no database, no clock, no network."""

__version__ = "0.3"

"""The process passport: one ZIP of a competition with editions, hashes, records and an offline verifier."""

from __future__ import annotations

from app.awards.passport.pack import PassportFile, make_passport

__all__ = ["PassportFile", "make_passport"]

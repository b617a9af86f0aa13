"""The check digits of a unified social credit code (GB 32100-2015, GB 11714-1997)."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final

from stdnum.cn import uscc as standard

from app.taxonomy.lists import organization_types

_SHAPE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)


class UsccResult(StrEnum):
    """What a code looks like; genuine codes with a wrong check character exist, so a human looks at those."""

    VALID = "valid"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    MALFORMED = "malformed"


def normalise(text: str) -> str:
    """Return the code in half-width capitals without blanks and hyphens."""
    return standard.compact(unicodedata.normalize("NFKC", text))


def check(text: str) -> UsccResult:
    """Judge a code by its shape and by its check character."""
    code = normalise(text)
    if not _SHAPE.fullmatch(code):
        return UsccResult.MALFORMED
    is_valid = standard.calc_check_digit(code[:17]) == code[17]
    return UsccResult.VALID if is_valid else UsccResult.CHECKSUM_MISMATCH


def organization_code_digit(body: str) -> str:
    """Return the check character of an organisation code's first eight. Raises ValueError if not eight."""
    if len(body) != len(_WEIGHTS):
        raise ValueError("an organisation code has eight characters before its check character")
    total = sum(int(character, 36) * weight for character, weight in zip(body.upper(), _WEIGHTS, strict=True))
    return "0X987654321"[total % 11]


def has_valid_organization_code(text: str) -> bool:
    """Tell whether the ninth character of the organisation code inside the code checks."""
    code = normalise(text)
    return bool(_SHAPE.fullmatch(code)) and organization_code_digit(code[8:16]) == code[16]


def region_of(text: str) -> str:
    """Return the region code inside a well-formed code, else ""."""
    code = normalise(text)
    return code[2:8] if _SHAPE.fullmatch(code) else ""


def suits(text: str, organization_type: str) -> bool:
    """Tell whether the code's first two characters fit the type of organisation; some types have no rule."""
    term = organization_types.get(organization_type)
    prefixes = term.attributes["uscc_prefixes"] if term else ""
    return not prefixes or normalise(text)[:2] in prefixes.split("|")

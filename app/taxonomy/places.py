"""What a place code of GB/T 2260 says about where an organisation is."""

from __future__ import annotations

from app.taxonomy.lists import cities, regions

GUANGDONG = "440000"


def city_of(region_code: str) -> str:
    """Return the code of the city that a district or city code lies in, "" when there is none."""
    for term in regions.ancestry(region_code)[::-1]:
        if term.code in cities:
            return term.code
    return ""


def province_of(region_code: str) -> str:
    """Return the code of the province, "" for an unknown place."""
    path = regions.ancestry(region_code)
    return path[0].code if path else ""


def has_districts(city_code: str) -> bool:
    """Tell whether the list knows districts of the city; Dongguan and Zhongshan have none at all."""
    return bool(regions.children(city_code))


def pearl_bank(region_code: str) -> str:
    """Return the city's side of the Pearl River estuary: east, west, both or none; "" outside Guangdong."""
    term = regions.get(city_of(region_code))
    return term.attributes["pearl_bank"] if term else ""


def guangdong_cities() -> tuple[str, ...]:
    """Return the codes of Guangdong's 21 cities."""
    return tuple(term.code for term in regions.children(GUANGDONG))

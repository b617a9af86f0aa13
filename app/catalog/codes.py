"""The closed lists of a product sheet, and the dictionary of its parameters."""

from __future__ import annotations

from app.taxonomy.dictionary import (
    Category,
    ParameterKind,
    UnitError,
    children,
    chip_categories,
    comparable,
    convert,
    current,
    dimension_of,
    find_unit,
    known_units,
    parameter_dictionary,
    parameter_kind,
    parameters_of,
    shipped_categories,
    siblings,
    to_base,
)  # fmt: skip

__all__ = [
    "Category", "ParameterKind", "UnitError", "children", "chip_categories", "comparable", "convert", "current",
    "dimension_of", "find_unit", "known_units", "parameter_dictionary", "parameter_kind", "parameters_of",
    "shipped_categories", "siblings", "to_base",
]  # fmt: skip

STAGES = (
    "concept", "in_design", "taped_out", "engineering_sample", "customer_sample", "pilot",
    "mass_production", "mature", "nrnd", "last_time_buy", "eol",
)  # fmt: skip
"""Life-cycle stages of an orderable part, in order."""
PRODUCED = frozenset(STAGES[STAGES.index("mass_production") :])
"""Stages of a part that has been in mass production."""
GRADES = (
    "consumer", "industrial", "industrial_ext", "automotive_g3", "automotive_g2", "automotive_g1", "automotive_g0",
)  # fmt: skip
QUALIFICATION_STATES = ("none", "planned", "in_test", "passed")
RELATIONS = ("pin2pin", "functional", "redesign")
SAFETY_LEVELS = ("QM", "ASIL A", "ASIL B", "ASIL C", "ASIL D")
REGIONS = ("境内", "境外")
"""Kept as they are written in the sheet of the handbook."""
IP_CORES = ("self", "licensed")
DATA_SOURCES = ("self", "public_datasheet", "imported")
CAPACITY_BANDS = ("<50", "50-200", "200-1000", "1000-5000", ">5000")
"""Thousand pieces a month."""
SHIPMENT_BANDS = ("<1", "1-10", "10-100", "100-1000", "1000-10000", ">10000")
"""Ten thousand pieces since the start."""
INTERFACES = (
    "GPIO", "UART", "SPI", "QSPI", "OSPI", "I2C", "I3C", "I2S", "TDM", "PDM", "SDIO", "CAN", "CAN-FD", "LIN",
    "FlexRay", "10BASE-T1S", "100/1000BASE-T1", "RMII", "RGMII", "SGMII", "USB2.0", "USB3.x", "Type-C/PD", "HDMI",
    "DP", "eDP", "LVDS", "RGB", "MCU-8080", "MIPI-DSI", "MIPI-CSI", "DVP", "V-by-One", "PCIe", "SATA", "eMMC",
    "UFS", "DDR3/4", "LPDDR4/4X/5", "JTAG", "SWD", "PWM", "ADC-in", "DAC-out", "RS-485", "M-Bus", "PMBus",
    "ISO7816", "SWP",
)  # fmt: skip


def is_leaf_category(code: str) -> bool:
    """Return whether the code is a second-level chip category."""
    category = chip_categories().get(code)
    return category is not None and category.parent != ""

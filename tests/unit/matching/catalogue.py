"""A small made-up catalogue and needs for the engine's tests."""

from __future__ import annotations

from matching.records import Need, Parameter, Requirement, Sheet

GAUGE = Sheet(
    "P1",
    "面向两轮车与储能电池包的采样芯片，逐通道校准，菊花链通信，带被动均衡。",
    title="14串电池采样芯片",
    firm="F1",
    category="C0407",
    params=(Parameter("cells", min=6, max=14, unit="串"), Parameter("cell_err", typ=2, unit="mV")),
    temp_min=-40,
    temp_max=105,
    quality_grade="industrial_ext",
    lifecycle_stage="mass_production",
)
WIDE_GAUGE = Sheet(
    "P2",
    "面向两轮车与储能电池包的采样芯片，逐通道校准，菊花链通信，带被动均衡。",
    title="14串电池采样芯片",
    firm="F2",
    category="C0407",
    params=(Parameter("cells", min=6, max=14, unit="串"), Parameter("cell_err", typ=6, unit="mV")),
    temp_min=-40,
    temp_max=105,
    quality_grade="industrial_ext",
    lifecycle_stage="mass_production",
)
SILENT_GAUGE = Sheet("P3", "电池采样芯片，用于储能。", title="电池采样芯片", firm="F3", category="C0407")
BUCK = Sheet(
    "P4",
    "同步降压转换器，耐受抛负载，轻载静态电流低，给车身与座舱供电。",
    title="36V车规降压转换器",
    firm="F1",
    category="C0401",
    params=(Parameter("iq", typ=5, unit="µA"), Parameter("vin", min=4, max=36, unit="V")),
)
BLE = Sheet(
    "P5",
    "Bluetooth Low Energy SoC for watches and bands, low receive current, OTA update.",
    title="Bluetooth LE 5.3 SoC",
    firm="F4",
    category="C0902",
    params=(Parameter("rx_i", typ=3.5, unit="mA"),),
)
FLASH = Sheet(
    "P6",
    "串行NOR闪存，宽电压，四线接口，用于固件存储。",
    title="128Mbit串行闪存",
    firm="F5",
    category="C0301",
)
PROXIMITY = Sheet(
    "P7",
    "接近传感器，小封装，抗日光，用于佩戴检测与入耳检测。",
    title="红外接近传感器",
    firm="F6",
    category="C1108",
)
SHEETS = [GAUGE, WIDE_GAUGE, SILENT_GAUGE, BUCK, BLE, FLASH, PROXIMITY]

BATTERY_NEED = Need(
    "N1",
    "储能柜单板14串电芯，电压平坦，对采样误差敏感，需要菊花链。",
    title="储能14串采样芯片",
    params=(
        Requirement("cells", "covers", "8~14", "串"),
        Requirement("cell_err", "<=", "3", "mV"),
        Requirement("balance_i", ">=", "80", "mA"),
    ),
    temp_min=-20,
    temp_max=60,
)
WATCH_NEED = Need("N2", "手环要和手机同步数据，低功耗蓝牙主控，支持空中升级。", title="手环蓝牙主控")

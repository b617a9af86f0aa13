"""Loose units, alternatives, counts that are words and key figures without a name, in whole texts."""

from __future__ import annotations

import pytest

from matching.extract import extract_parameters, extract_requirements


def wanted(text: str, category: str = "") -> dict[str, str]:
    found = (one.requirement for one in extract_requirements(text, [category] if category else []))
    return {one.key: f"{one.op}{one.value}{one.unit}" for one in found}


def stated(text: str, category: str = "") -> dict[str, tuple[float | None, float | None, float | None, str]]:
    found = (one.parameter for one in extract_parameters(text, [category] if category else []))
    return {one.key: (one.min, one.typ, one.max, one.unit) for one in found}


@pytest.mark.parametrize(
    ("text", "category", "key", "expected"),
    [
        ("单价不超过6元", "", "price", "<=6元/颗"),
        ("单价100元/千颗", "", "price", "<=0.1元/颗"),
        ("目标价 3.5RMB", "", "price", "<=3.5元/颗"),
        ("单价￥3.5以内", "", "price", "<=3.5元/颗"),
        ("视场角120度", "", "fov", ">=120°"),
        ("像素200万以上", "", "resolution", ">=2MP"),
        ("Flash 64K以上", "", "flash", ">=64KB"),
        ("10点触控", "C1204", "fingers", ">=10个"),
        ("帧率30帧", "C1101", "fps", ">=30fps"),
        ("2T算力", "C0105", "npu", ">=2TOPS"),
        ("3.3V/5V供电", "", "vdd", "covers3.3~5V"),
        ("input 12V or 24V", "", "vin", "covers12~24V"),
        ("输入最高36V", "", "vin", "covers36~36V"),
        ("output current up to 5A", "", "iout_max", ">=5A"),
        ("128Mbit串行NOR", "C0301", "density", ">=128Mbit"),
        ("3A同步降压", "C0401", "iout_max", ">=3A"),
        ("100W双口快充", "C0405", "ports", ">=2个"),
        ("3T4R雷达", "C1112", "rx_n", ">=4路"),
        ("双通道运放", "C0701", "ch", ">=2路"),
        ("2~4串充电", "C0404", "bat_cells", "covers2~4串"),
        ("支持256节点", "C0805", "nodes", ">=256个"),
        ("650V/50A IGBT", "C0602", "ic", ">=50A"),
        ("功耗低于80mW", "C1504", "power", "<=80mW"),
        ("电流不小于3A", "C0401", "iout_max", ">=3A"),
        ("8K@60fps decode, 4K@30fps encode", "", "encode", ">=3840x2160@30"),
        ("4K60解码", "", "decode", ">=3840x2160@60"),
        ("Flash 4M", "", "flash", ">=4096KB"),
        ("支持FreeRTOS", "", "os", "hasFreeRTOS"),
        ("系统RT-Thread", "", "os", "hasRT-Thread"),
        ("支持AES-256", "", "algos", "hasAES-256"),
        ("168M主频", "", "freq", ">=168MHz"),
        ("纹波30mV以内", "", "ripple", "<=30mVpp"),
        ("车规Grade 1", "", "grade", ">=automotive_g1"),
        ("刷新3840Hz", "", "refresh", ">=3840Hz"),
        ("9V与36V之间输入", "", "vin", "covers9~36V"),
        ("输入介于9V和36V", "", "vin", "covers9~36V"),
        ("between 9 V and 36 V input", "", "vin", "covers9~36V"),
        ("工作温度介于-40和85度", "", "temp", "covers-40~85℃"),
        ("陀螺量程正负2000dps", "", "gyro_range", "covers-2000~2000dps"),
        ("输出12V±1%", "", "vout", "covers12~12V"),
        ("供电3.3V±10%", "", "vdd", "covers2.97~3.63V"),
        ("5 V 供电能力 3 A", "C0401", "vout", "covers5~5V"),
        ("5 V 供电能力 3 A", "C0401", "iout_max", ">=3A"),
        ("输出5V,供电能力3A", "C0401", "iout_max", ">=3A"),
        ("测温范围-40~125℃,工作温度-20~85℃", "", "temp", "covers-20~85℃"),
        ("decode 8K at 30 fps", "", "decode", ">=7680x4320@30"),
        ("擦写1.5万次", "", "endurance", ">=15000次"),
        ("HDMI 2.0输出2路", "", "outputs_n", ">=2路"),
    ],
)
def test_what_people_leave_out_is_understood(text: str, category: str, key: str, expected: str) -> None:
    assert wanted(text, category)[key] == expected


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("温度误差±0.3℃", "C1107"),
        ("单价每千颗800元", ""),
        ("输入欠压保护2.5V", "C0401"),
        ("过流保护4A", "C0401"),
        ("3A或5A可选", "C0401"),
        ("电流2A", ""),
        ("电机电流2A", "C0401"),
        ("12nm工艺", "C1701"),
        ("3.3V/2A、1.8V/1A、1.2V/3A", "C0406"),
        ("存储温度-55~150℃", ""),
        ("测温范围-40~125℃", "C1107"),
        ("Flash 120M", ""),
        ("a global market", ""),
        ("测量温度范围-40~125℃", ""),
        ("供电正负15V", ""),
        ("DP 1.4输出", ""),
        ("TO-252或PDFN5x6封装都行", ""),
        ("4Ω负载下10W，8Ω 5W", "C1502"),
    ],
)
def test_what_is_not_clear_is_left_alone(text: str, category: str) -> None:
    assert wanted(text, category) == {}


@pytest.mark.parametrize(
    ("text", "category", "key", "expected"),
    [
        ("供电最高30V", "", "vdd", (None, None, 30.0, "V")),
        ("输出低至0.6V", "", "vout", (0.6, None, None, "V")),
        ("导通电阻 20mΩ/10mΩ", "", "rdson", (10.0, None, 20.0, "mΩ")),
        ("SRAM 32KB，300mA低噪声LDO", "C0402", "iout_max", (None, 0.3, None, "A")),
        ("动态范围10000:1", "C0708", "dyn_range", (None, 10000.0, None, "倍")),
    ],
)
def test_a_sheet_says_which_end_it_states(
    text: str, category: str, key: str, expected: tuple[float | None, float | None, float | None, str]
) -> None:
    assert stated(text, category)[key] == expected


@pytest.mark.parametrize("text", ["HDMI 2.0输出", "HDMI 2.1输出", "USB 3.0输出", "DP 1.4输出"])
def test_a_version_is_no_count(text: str) -> None:
    assert "outputs_n" not in wanted(text)


def test_a_version_before_a_unit_is_no_count() -> None:
    assert wanted("支持PCIe 4.0通道") == {}


def test_the_rate_of_a_picture_is_not_one_of_its_own() -> None:
    assert "fps" not in wanted("decode 8K at 30 fps", "C0105")


def test_of_several_sizes_none_is_the_limit() -> None:
    assert wanted("QFN48(7x7)或LQFP48(9x9)") == {"package": "inQFN-48|LQFP-48"}


def test_a_sheet_states_values_in_every_sentence() -> None:
    found = extract_parameters("通过串口升级。接口:SPI、I2C。")

    assert [one.parameter.text for one in found] == ["UART|SPI|I2C"]


def test_a_sheet_keeps_the_accuracy_of_its_output() -> None:
    assert stated("输出5V±2%")["vout"] == (4.9, 5.0, 5.1, "V")


def test_versions_to_choose_from_are_no_range() -> None:
    assert "vout" not in stated("输出1.2V/1.8V/3.3V", "C0402")


@pytest.mark.parametrize(
    "text",
    [
        "输入5V到3V，效率-50%，电流≥3A，电流≤2A",
        "3.3V或或5V//供电0V/0V",
        "0发0收0T0R，99999:1，双双通道口",
        "单价-6元/，每千颗，元元度帧点万T",
        "视场角-120度×度，8K@0fps，up to up to 5A最高最高",
    ],
)
@pytest.mark.parametrize("category", ["", "C0401", "C0602", "C0708", "C1112"])
def test_absurd_text_does_not_raise(text: str, category: str) -> None:
    assert isinstance(wanted(text, category), dict)
    assert isinstance(stated(text, category), dict)

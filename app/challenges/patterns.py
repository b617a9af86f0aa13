"""Indicators that chips of a category usually have: a first page for whoever writes a challenge.

Targets are left open on purpose, except where a standard sets them: a number that nobody chose would stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.challenges.commands import KpiInput
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Pattern:
    """The usual indicators of a chip category (first or second level)."""

    category: str
    kpis: tuple[KpiInput, ...]


def _kpi(name: str, operator: str, unit: str, test_method: str, **facts: Any) -> KpiInput:
    return KpiInput(
        name=name, operator=operator, target=facts.pop("target", ""), unit=unit, test_method=test_method,
        verifier=facts.pop("verifier", "lab"), **facts,
    )  # fmt: skip


_COMMON = (
    _kpi("工作温度范围", "covers", "℃", "按目标等级做高低温工作试验", target="-40~85", kind="reliability"),
    _kpi("静电防护(HBM)", ">=", "kV", "ANSI/ESDA/JEDEC JS-001", kind="reliability"),
    _kpi("高温工作寿命失效数", "<=", "颗", "JESD22-A108，1000小时，3批次×77颗", target="0", kind="reliability"),
    _kpi("工程样片交付", ">=", "颗", "入库验收", kind="schedule", verifier="user_site"),
    _kpi("批量含税单价", "<=", "元/颗", "框架采购协议", kind="economic", verifier="user_site"),
)
PATTERNS = (
    Pattern("C02", (
        _kpi("主频", ">=", "MHz", "运行CoreMark并读取时钟", is_core=True),
        _kpi("Flash容量", ">=", "KB", "整片擦写校验", is_core=True),
        _kpi("SRAM容量", ">=", "KB", "读写遍历测试", is_core=True),
        _kpi("ADC有效位数", ">=", "bit", "正弦激励FFT法", is_core=True),
        _kpi("休眠电流", "<=", "µA", "25℃稳态测量"),
        *_COMMON,
    )),
    Pattern("C04", (
        _kpi("输入电压范围", "covers", "V", "全范围带载扫描", is_core=True),
        _kpi("输出电流", ">=", "A", "满载温升稳定后测量", is_core=True),
        _kpi("峰值效率", ">=", "%", "规定输入输出点功率计测量", is_core=True, is_veto=True),
        _kpi("静态电流", "<=", "µA", "空载稳态测量", is_core=True),
        _kpi("输出电压精度", "<=", "%", "全温区三批次"),
        *_COMMON,
    )),
    Pattern("C07", (
        _kpi("分辨率", ">=", "bit", "码密度直方图法", is_core=True),
        _kpi("采样误差", "<=", "mV", "25℃与全温区，样本不少于77颗", is_core=True, is_veto=True),
        _kpi("采样率", ">=", "Msps", "正弦激励FFT法", is_core=True),
        _kpi("工作电流", "<=", "mA", "25℃稳态测量", is_core=True),
        *_COMMON,
    )),
    Pattern("C09", (
        _kpi("接收灵敏度", "<=", "dBm", "屏蔽室误包率1%", is_core=True, is_veto=True),
        _kpi("运行功耗", "<=", "µA/MHz", "3.0V，25℃运行CoreMark", is_core=True),
        _kpi("片上SRAM", ">=", "KB", "读写遍历测试", is_core=True),
        _kpi("休眠电流", "<=", "µA", "保持内存，25℃稳态测量", is_core=True),
        *_COMMON,
    )),
    Pattern("C10", (
        _kpi("工作频段", "covers", "MHz", "矢量网络分析仪扫频", is_core=True),
        _kpi("饱和输出功率", ">=", "dBm", "传导测量", is_core=True, is_veto=True),
        _kpi("功率附加效率", ">=", "%", "饱和输出功率点测量", is_core=True),
        _kpi("噪声系数", "<=", "dB", "噪声系数分析仪", is_core=True),
        _kpi("邻道泄漏比", "<=", "dBc", "规定调制信号下频谱仪测量"),
        *_COMMON,
    )),
    Pattern("C12", (
        _kpi("驱动通道数", ">=", "个", "逐通道点亮", is_core=True),
        _kpi("通道间电流误差", "<=", "%", "25℃，样本不少于200颗", is_core=True, is_veto=True),
        _kpi("刷新率", ">=", "Hz", "高速光电探头测量", is_core=True),
        _kpi("调光精度", ">=", "bit", "逐级测量", is_core=True),
        *_COMMON,
    )),
)  # fmt: skip


def pattern_of(category: str) -> Pattern | None:
    """Return the pattern for a chip category of either level, None when there is none."""
    return next((one for one in PATTERNS if one.category == category[:3]), None)


def choices(locale: str) -> Iterable[tuple[str, str]]:
    """Yield category and name of every pattern in the reader's language."""
    return ((one.category, lists.chip_categories.label(one.category, locale)) for one in PATTERNS)

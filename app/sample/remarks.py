"""What the sample's reviewers write, by criterion: not everybody remarks on everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

_STRONG = {
    "kpi_fit": (
        "核心指标承诺均附实测数据，测试条件写明，余量合理。",
        "全温区指标有三批次样本支撑，与发榜要求逐条对应。",
    ),
    "approach": ("技术路线清楚，关键风险有备选方案和判断节点。", "流片与验证安排紧凑可行，建议提前锁定封测产能。"),
    "base": ("已有量产产品作基础，可复用模块比例高。", "前期样片数据完整，研发条件满足任务需要。"),
    "supply": ("产能与交期承诺具体，有第二来源安排。", "批量价格与年用量匹配，停产通知条款明确。"),
    "team": ("负责人有同类芯片量产经验，投入时间充足。", "团队分工覆盖设计、测试与应用支持。"),
    "price": ("报价构成清楚，自筹资金落实。", "各阶段付款与里程碑对应合理。"),
    "ip": ("知识产权清单完整，自由实施声明有检索依据。", "成果归属约定与榜单条款一致。"),
}
_WEAK = {
    "kpi_fit": ("核心指标余量偏小，低温数据缺失。", "部分指标仅有仿真结果，未说明测试条件。"),
    "approach": ("关键技术路线论证不足，缺少备选方案。", "验证计划未覆盖整机工况。"),
    "base": ("尚无同类产品流片经历。", "前期基础与任务要求有差距。"),
    "supply": ("量产节点偏晚，未落实第二来源。", "产能承诺与年用量不匹配。"),
    "team": ("团队投入时间不足，缺少应用支持人员。", "负责人同期任务较多。"),
    "price": ("自筹资金来源未说明。", "流片费用估计偏低。"),
    "ip": ("未提供自由实施检索说明。", "背景知识产权清单不完整。"),
}
_WHOLE = (
    "总体可信，建议在里程碑中明确量产验证节点。", "方案完整，建议与发榜方尽早确认接口。", "",
    "材料齐全，答辩对风险的说明有说服力。", "",
)  # fmt: skip
_WHOLE_WEAK = ("与前列方案相比，指标余量和量产进度均有差距。", "", "建议补充实测数据后再参与同类榜单。", "", "")
_SEATS = 5
_GROUND = "依据见方案相应章节和答辩记录。"
"""Makes a remark long enough where reasons are required."""
LOW, HIGH = 60, 95
"""Per cent of the points below and above which reasons are required."""


def remark(code: str, place: int, percent: Decimal, *, is_weak: bool) -> str:
    """Return what the reviewer in a place writes on a criterion; nothing where it is not required and not theirs."""
    texts = (_WEAK if is_weak else _STRONG)[code]
    first = sum(map(ord, code)) % _SEATS
    if percent < LOW or percent > HIGH:
        return texts[place % 2] + _GROUND
    return {first: texts[0], (first + 2) % _SEATS: texts[1]}.get(place, "")


def on_the_whole(place: int, *, is_weak: bool) -> str:
    """Return what the reviewer in a place writes on the whole bid."""
    return (_WHOLE_WEAK if is_weak else _WHOLE)[place % len(_WHOLE)]

"""What of a need's text is not the need: what is in use or sold by others, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matching.mentions import Name, Number, Word

Span = tuple[int, int]

_BREAK = re.compile(r",(?!\d{3}(?!\d))|[;；。!?！？\n]|\.(?=\s|$)")
_STOPS = ("。", "!", "?", "！", "？", "\n", ".")
#: What may be the old one or another's.
_THING = r"(?:方案|芯片|设计|产品|型号|机型|平台|器件|项目|版本|电路|MCU|SoC|主控|模组|传感器|IC)"
_WHAT = (
    r"(?:design|chip|part|version|solution|product|generation|platform|board|mcu|soc|device|model|system|supplier|ic)"
)
#: Not in words that end so: 实现方案, 体现在.
_PRESENT = r"(?<![实出体展呈发表])现"
#: Names of what is in use, was before or is another's.
_OLD_ONE = re.compile(
    rf"现用|在用|{_PRESENT}[有行]?的?{_THING}|现款|(?<![还高草复])原(?:[有来先]|的?{_THING})|[旧老](?:的)?(?:款|{_THING})|上一?代|前代|前一代|"
    rf"竞品|竞争对手|对手(?![机持表环势柄写术动工])|友商|同类产品|市面上|(?:以|之)前(?:用|的|采用|使用)|以往|"
    r"别家|其[他它]家|他家|某(?:厂|品牌|家|款)|(?:用|试|测)过(?![程期载流压热高低])|"
    rf"\b(?:existing|current|present|previous|older?|legacy|incumbent|competing|last)(?:[- ]\w+)? {_WHAT}s?\b|"
    r"\bcompetitors?\b|\brivals?\b|\bpredecessors?\b|\btoday's\b|\blegacy\b|\bincumbent\b|\bpreviously\b",
    re.IGNORECASE,
)
#: Words for the present: what follows is in use, unless it says that it is needed.
_NOW = re.compile(
    rf"目前|当前|{_PRESENT}(?:在|有|阶段)|(?:^|(?<=[\s(]))现(?![场货代金成象实状浇])|"
    r"\b(?:currently|at present|at the moment|right now|today|existing)\b",
    re.IGNORECASE,
)
#: Words that begin what is needed.
_WISH = re.compile(
    r"(?<![无不])需|希望|期望|(?<![主只重次不概摘纲])要|(?<![理思])想|欲|计划|打算|(?<![模虚])拟|目标|新(?:方案|款|一?代|产品|型号|设计|芯片|平台|机型|项目)|"
    r"下一?代|本(?:次|案|项目|方案)|[这此]次|改[为成用到]|升[级到至]|提[升高]|翻|扩[大展到容]|[降压][到至]|换[成为用到一新]|寻|找|"
    r"在做|做一|开发(?!板|套件|环境|工具)|研发|规划|立项|^\s*[而但]?(?:我[们司方])(?!目前|当前|现|原|的|用|在用)|"
    r"\b(?:needs?|wants?|requires?|must|should|shall|would like|wish|hope|seek|looking for|target|aim|upgrade|"
    r"new|next|goal|instead|developing|designing|building|searching)\b",
    re.IGNORECASE,
)
#: What a part of a sentence that the following ones go on about holds: a value, or what is used.
_TOLD = re.compile(r"\d|(?<![现在])用|\buses?\b")
_LED = re.compile(
    r"\s*(?:而|但|但是|因为|由于|我[们司方]?|公司|客户|我们?的|and|but|our|the|we|with|in|\s)*\s*", re.IGNORECASE
)
_COMPARED = re.compile(
    r"[≥≤⩾⩽<>]|[不得能][要能]?(?:低于|高于|小于|大于|少于|多于|超过)|至少|至多|最少|起码|以[上下内]|"
    r"at least|at most|no (?:less|more)",
    re.IGNORECASE,
)
#: What makes the value before it one that is not good enough.
_COMPLAINT = re.compile(
    r"\s?(?:还是|已经?|就|都|也|实在|有点|了)?(?:不够|不足|不理想|[不没]能?满足|无法满足|满足不了|[太偏][小大高低少慢短弱差长]|过[高大小低]|"
    r"(?:is |are |was )?(?:too (?:small|high|low|big|slow|large|little|much)|not enough|insufficient))",
    re.IGNORECASE,
)
#: What makes the value behind it one that is not good enough.
_ONLY = re.compile(r"(?:只有|仅有|才有|才到|\bonly (?:has|offers|reaches|supports)|\bis only)\s*$", re.IGNORECASE)
_CHANGED = re.compile(r"[从由]([^,;。\nV伏]{1,16}?)(?=[提升降翻改增减换扩压缩加]{1,2}[高大低小级]?[到至为成])")
_AWAY = 40
"""Characters between an old value and the one wanted in its place."""

_REFUSED = (
    r"(?:不(?:需要?|用|要求?|想要?|必|带|接受|采用|支持|考虑|能[用是]|得[为是用]?|可[用为]|含|使用|选|允许)|无需|无须|(?<!除)非|"
    r"没有|没|无|禁[用止]|排除|避免|拒绝|勿|别[用要选带]|除了?|是否|"
    r"\b(?:without|no|not|non|avoid|except(?: for)?|exclud(?:e|ing)|other than|never))"
)
_FILLED = (
    r"(?:要求|使用|采用|支持|选用|接受|考虑|[带用是为有选]|任何|\b(?:use|using|need|require|the|any|an?|be)\b|[\s-])*"
)
_UNKNOWN = r"(?:[A-Za-z][A-Za-z0-9-]*\s?(?:、|/|和|或者?|及|与|\bor\b|\band\b)\s?)*"
_BEFORE = re.compile(rf"({_REFUSED}){_FILLED}{_UNKNOWN}$", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s?(?:封装|接口|内核|系统|协议|功能)?的?\s?(?:除外|不行|不要|不接受|不考虑|不需要|就?不用|就?算了|免谈|"
    r"(?:不是|并非|非)必[须需要]|可有可无|(?:没有|没|无|不作|不做|不)(?:要求|强求)|不限|无所谓|"
    r"(?:is |are )?(?:not (?:needed|required|acceptable|allowed|wanted)|excluded))[了的]?\s?(?=[,;。、.!?\n)]|$)",
    re.IGNORECASE,
)
_ALSO = re.compile(r"[还也另]|同时|仍|as well|also", re.IGNORECASE)
_LISTED = re.compile(r"\s?(?:封装|接口|内核)?\s?(?:、|/|和|或者?|及|以及|与|\bor\b|\band\b|\bnor\b)\s?", re.IGNORECASE)


def old_values(plain: str) -> list[Span]:
    """Return where a text speaks of what is in use, was before or is another's, in order.

    That lasts to the next word of what is needed, at most to the end of the part of the sentence; where it heads its
    part, it lasts over the following ones of that sentence that compare nothing.
    """
    spans = [match.span(1) for match in _CHANGED.finditer(plain)]
    goes_on = False
    for start, end in _clauses(plain):
        clause = plain[start:end]
        begin, stop = _old_part(clause, goes_on=goes_on)
        if begin < stop:
            spans.append((start + begin, start + stop))
        heads = goes_on or (begin < stop and _LED.fullmatch(clause, 0, begin) is not None)
        goes_on = heads and stop == len(clause) and begin < stop and not plain.startswith(_STOPS, end)
        goes_on = goes_on and _TOLD.search(clause, begin) is not None
        spans += _complained(plain, start, end)
    return sorted(spans)


def _clauses(plain: str) -> Iterator[Span]:
    """Yield the parts of sentences, without what ends them."""
    start = 0
    for match in _BREAK.finditer(plain):
        yield start, match.start()
        start = match.end()
    yield start, len(plain)


def _old_part(clause: str, *, goes_on: bool) -> Span:
    """Return where in a part of a sentence it is not about the need; an empty span for nowhere."""
    named, now = _OLD_ONE.search(clause), _NOW.search(clause)
    mark = min(filter(None, (named, now)), key=lambda match: match.start(), default=None)
    if mark is None:
        if not goes_on or _COMPARED.search(clause):
            return 0, 0
        wish = _WISH.search(clause)
        return 0, wish.start() if wish else len(clause)
    for wish in _WISH.finditer(clause, mark.end()):
        if named is None or re.search(r"\d", clause[mark.end() : wish.start()]):
            return mark.start(), wish.start()
    return mark.start(), len(clause)


def _complained(plain: str, start: int, end: int) -> Iterator[Span]:
    """Yield the beginning of a part of a sentence up to a value that is said not to do."""
    for match in re.finditer(r"\d[^\s\d,、]{0,8}", plain[start:end]):
        place, behind = start + match.start(), start + match.end()
        stop = next((at for at in range(place, min(end, behind) + 1) if _COMPLAINT.match(plain, at)), None)
        if _ONLY.search(plain, max(start, place - 20), place):
            stop = behind
        if stop is not None:
            wish = _WISH.search(plain, start, place)
            yield (wish.end() if wish else start), stop


def is_within(spans: Sequence[Span], place: int) -> bool:
    """Tell whether a place is in one of some spans."""
    return any(start <= place < end for start, end in spans)


def succeeded(numbers: Sequence[Number], names: Sequence[Name], spans: Sequence[Span]) -> dict[int, list[int]]:
    """Return the place of a number wanted -> those of old ones that it may stand in for, the last first.

    Between them is no name but of what is old.
    """
    old = [place for place, number in enumerate(numbers) if is_within(spans, number.core[0])]
    wanted = [name.start for name in names if not is_within(spans, name.start)]
    found: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        before = [p for p in old if p < place and number.start - numbers[p].end <= _AWAY]
        free = [p for p in before if not any(numbers[p].end <= start < number.start for start in wanted)]
        if free and place not in old:
            found[place] = free[::-1]
    return found


def is_refused(plain: str, start: int, end: int) -> bool:
    """Tell whether a text says of what stands at a place that it must not or need not be."""
    if _BEHIND.match(plain, end):
        return True
    match = _BEFORE.search(plain[max(0, start - 24) : start])
    if match is None:
        return False
    behind = _BREAK.split(plain[end : end + 24], maxsplit=1)[0]
    return not (match[1].startswith("除") and _ALSO.search(behind))


def not_refused(plain: str, words: Sequence[Word]) -> list[Word]:
    """Return words without those that a text refuses, alone or in a list (不要BGA、QFN)."""
    kept: list[Word] = []
    refused = 0
    for word in sorted(words, key=lambda word: word.start):
        listed = bool(refused) and _LISTED.fullmatch(plain, refused, word.start) is not None
        if listed or word.start < refused or is_refused(plain, word.start, word.end):
            refused = max(refused, word.end)
        else:
            kept.append(word)
    return kept

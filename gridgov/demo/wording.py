"""Words of a case: where it is, what the resident says, what was done, from data/texts.txt and outcomes.txt."""

import re
from functools import cache

from .catalogue import Category
from .parts import Grid
from .units import DATA

# Where things happen, by the place of data/mix.csv and by what stands there.
PLACES: dict[str, dict[str, tuple[str, ...]]] = {
    "estate": {
        "home": ("{place}1单元", "{place}2单元", "{place}3单元", "{place}1单元3层", "{place}2单元5层", "{place}2单元1层"),
        "hall": ("{place}1单元", "{place}2单元", "{place}3单元", "{place}2单元3-4层", "{place}1单元5-6层", "{place}1单元门口"),
        "yard": ("{place}楼下", "{place}南侧", "{place}东侧", "{place}北侧绿地", "{estate}北门", "{estate}健身广场",
                 "{estate}垃圾投放点", "{place}前空地", "{estate}西门外"),
        "wall": ("{place}楼下", "{place}东侧", "{place}西侧", "{place}1单元门口", "{place}2单元楼下"),
        "site": ("{road}某在建项目", "{road}与{other}路口工地", "{estate}西侧空地", "{estate}对面工地"),
        "building": ("{place}", "{place}", "{place}1单元", "{place}2单元"),
        "estate": ("{estate}", "{estate}北门", "{estate}地下车库", "{estate}南门", "{estate}停车场", "{place}楼下"),
        "road": ("{road}{estate}段", "{road}与{other}路口", "{road}公交站旁", "{road}辅路", "{estate}门口{road}"),
        "shop": ("{road}某餐饮店", "{road}某商铺", "{estate}北门便利店", "{road}某理发店", "{estate}东门水果店"),
        "community": ("{community}", "{estate}", "{place}"),
    },
    "village": {
        "home": ("{place}", "{place}村民家"),
        "hall": ("{place}巷口", "{place}"),
        "yard": ("{place}巷口", "{community}村口", "{community}文化广场", "{place}路边", "{place}水渠旁"),
        "wall": ("{place}路边", "{place}", "{place}村民家门口"),
        "site": ("{community}村口", "{road}某工地", "{community}东头地里"),
        "building": ("{place}",),
        "estate": ("{community}", "{community}停车场"),
        "road": ("{road}", "{community}村口", "{road}与{other}岔口", "{place}门前路"),
        "shop": ("{community}小卖部", "{road}某饭店", "{community}某加工坊"),
        "community": ("{community}", "{place}"),
    },
    "shops": {
        "home": ("{place}二楼住户", "{place}某店铺"),
        "hall": ("{place}后门通道", "{place}楼梯间"),
        "yard": ("{place}门前", "{place}后巷", "{place}停车区", "{place}垃圾投放点"),
        "wall": ("{place}门前", "{place}后巷", "{place}楼上"),
        "site": ("{road}某在建项目", "{place}某装修工地", "{road}与{other}路口工地"),
        "building": ("{place}", "{place}某店铺"),
        "estate": ("{place}",),
        "road": ("{place}门前人行道", "{place}路段", "{road}与{other}路口", "{place}辅路", "{place}公交站旁"),
        "shop": ("{place}某餐饮店", "{place}某烧烤店", "{place}某超市", "{place}某健身房", "{place}某培训班", "{place}某维修店"),
        "community": ("{place}", "{community}"),
    },
}  # fmt: skip
LEADS = {
    "grid_worker": ("走访时居民反映：", "巡查时有居民反映：", "入户走访了解到：", "网格群里居民说：", "居民当面反映："),
    "hotline_12345": ("", "", "市民来电反映：", "来电人称："),
    "wechat": ("", "", "", "你好，", "网格员在吗，"),
    "snapshot": ("",),
    "phone": ("", "", "你好，", "麻烦记一下，"),
    "visit": ("", "入户时居民说：", "走访中了解到："),
    "counter": ("", "居民到社区反映：", "来访居民说："),
    "platform": ("", "平台转来："),
}
TAILS = {
    "grid_worker": ("", "", "", "已拍照。"),
    "hotline_12345": ("", "希望尽快核实处理。", "要求回复处理结果。", "请有关单位核实。"),
    "wechat": ("", "", "", "麻烦看一下。", "谢谢！", "麻烦了。"),
    "snapshot": ("", "", "见照片。", "有图。"),
    "phone": ("", "", "请给回个电话。", "尽快安排吧。"),
    "visit": ("",),
    "counter": ("",),
    "platform": ("", "请属地处理。"),
}
SINCE = ("两三天", "三天", "快一周", "一个多星期", "半个月", "二十多天", "一个多月", "好几天")
NUMBERS = ("三", "四", "五", "六")
FLOORS = ("二楼", "三楼", "四楼", "五楼", "六楼")
KIN = ("我妈", "我爸", "我奶奶", "我爷爷", "家里老人", "老母亲", "我岳母")
WHEN = {
    range(6): ("半夜", "大半夜", "凌晨", "昨天晚上"),
    range(6, 10): ("今天早上", "一大早", "昨天晚上", "今早"),
    range(10, 13): ("今天上午", "早上", "上午", "刚才"),
    range(13, 18): ("今天下午", "中午", "上午", "刚才"),
    range(18, 24): ("今天傍晚", "晚上", "下午", "刚才"),
}
COLD_MONTHS = {1, 2, 3, 11, 12}
COLD, WARM = "冬|", "夏|"


def moments(hour: int) -> tuple[str, ...]:
    """What people call the time they speak of when they write at this hour."""
    return next(words for hours, words in WHEN.items() if hour in hours)


def texts(category: Category, *, cold: bool) -> tuple[str, ...]:
    """The templates of a category for the cold or the warm months."""
    said, unsaid = (COLD, WARM) if cold else (WARM, COLD)
    lines = _sections("texts.txt")[category.code]
    return tuple(line.removeprefix(said) for line in lines if not line.startswith(unsaid))


def outcomes(category: Category) -> tuple[str, ...]:
    return _sections("outcomes.txt")[category.code]


def places(grid: Grid, kind: str) -> tuple[str, ...]:
    """Where within a micro-grid a matter of this kind may be."""
    setting = "shops" if grid.micro_type == "merchant" else "village" if grid.is_village else "estate"
    names = {
        "place": grid.place,
        "estate": grid.estate,
        "road": grid.roads[0],
        "other": grid.roads[1],
        "community": grid.community,
    }
    # A micro-grid may be one entrance of a house; then 1单元 must not be said twice.
    forms = PLACES[setting][kind]
    if grid.place.endswith("单元"):
        forms = tuple(re.sub(r"(?<=\{place\})\d单元", "", form) for form in forms)
    return tuple(form.format(**names) for form in forms)


@cache
def _sections(name: str) -> dict[str, tuple[str, ...]]:
    """Lines of a data file by the heading they stand under; `[0101 0102]` heads lines for both."""
    found: dict[str, list[str]] = {}
    headings: list[str] = []
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            headings = line.strip("[]").split()
        elif line and not line.startswith("#"):
            for heading in headings:
                found.setdefault(heading, []).append(line)
    return {heading: tuple(lines) for heading, lines in found.items()}

"""Invented names: people from common surnames and given names, communities, estates, streets. Nobody real is meant."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯曹彭曾田董潘袁蔡余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆"
    "范汪廖石金韦贾夏付方邹熊白孟秦邱侯尹薛闫段雷龙黎史陶贺郝顾龚邵万覃武钱戴严莫孔向常汤"
)
# Chosen so that the names of well-known people do not come out of the hat.
GIVEN_FIRST = "雨思文志春秋佳明海玉兰晓建永国红秀桂淑凤丽艳雪云月青嘉子梓一若书宏德景维立树长广庆"
GIVEN_SECOND = "平安和涵轩琪芳萍华珍荣梅莲波林森松柏山川亮辉杰斌彬旭晨阳然妍婷悦怡"

DIGITS = "零一二三四五六七八九"

ROADS = ("春和路", "永宁街", "文澜路", "清溪街", "安泰路", "云景街", "金禾路", "柳岸街", "康宁路", "兰亭街")
SHOP_ROWS = (
    "底商", "沿街商铺", "北段商铺", "南段商铺", "东段底商", "西段底商", "商业街", "便民市场", "美食街", "中段底商",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Community:
    """Three digits of the community code, its name, its estates from north to south, its roads."""

    number: str
    name: str
    estates: tuple[str, ...]
    roads: tuple[str, str]

    @property
    def short(self) -> str:
        """幸福里 of 幸福里社区; a village keeps its 村."""
        return self.name.removesuffix("社区")

    @property
    def is_village(self) -> bool:
        return self.name.endswith("村")


# The street of the demo. The first three are those of sample_cases.csv, with its estates and roads.
STREET_COMMUNITIES = (
    Community("001", "幸福里社区", ("幸福里小区", "幸福花园", "福安苑"), ("幸福路", "示例街")),
    Community("002", "桃园社区", ("桃园新村", "桃李园", "桃园北里"), ("桃园路", "示例街")),
    Community("003", "滨河社区", ("滨河小区", "河畔雅苑", "滨河西里"), ("滨河路", "示例街")),
    Community("004", "梧桐社区", ("梧桐小区", "梧桐苑", "凤栖园"), ("梧桐路", "新桥街")),
    Community("005", "新桥社区", ("新桥小区", "新桥北里", "桥南家园"), ("新桥街", "梧桐路")),
    Community("006", "书院社区", ("书院小区", "翰墨苑", "书香园"), ("书院街", "桃园路")),
)
VILLAGE = Community("201", "东岭村", ("东岭村",), ("进村路", "村中路"))

# Buildings that sample_cases.csv names, in the comprehensive grid it names them in; 滨河路底商 is a row of shops.
PINNED_PLACES = {
    "990101001001001": ("1号楼", "3号楼", "4号楼", "5号楼", "6号楼1单元"),
    "990101001001002": ("2号楼",),
    "990101001001003": ("6号楼2-3单元", "7号楼", "8号楼", "10号楼"),
    "990101001002001": ("4号楼",),
    "990101001002002": ("3号楼", "5号楼2单元", "7号楼", "8号楼", "11号楼"),
    "990101001002003": ("5号楼1单元", "10号楼", "12号楼", "14号楼"),
    "990101001003001": ("7号楼", "9号楼", "15号楼"),
    "990101001003002": ("12号楼",),
}
PINNED_SHOPS = {"990101001003003": ("滨河路底商",), "990101001002001": ("桃园路底商",)}


def person_name(rng: random.Random) -> str:
    """A surname and two more characters."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN_FIRST) + rng.choice(GIVEN_SECOND)


def counted(number: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, up to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十"
    return head + (DIGITS[ones] if ones or not tens else "")


def community_names(rng: random.Random) -> Iterator[str]:
    """Endless different short names (春苑, 和庭 …), shuffled; longer ones when the short ones are used up.

    None of them is a name of the demo street: units are called after their communities, and each name once.
    """
    heads, tails = "春和安永新清文康福瑞金玉柳松竹兰荷梅云泉", "苑庭园坪屏台景祥光桥巷池湖塘坊里庄岭舍亭"
    taken = {community.name[:-2] for community in STREET_COMMUNITIES} | {VILLAGE.name[:-1]}
    pairs = [name for name in map("".join, product(heads, tails)) if name not in taken]
    for tail in ("", "东", "西", "南", "北", "上", "下", "前", "后"):
        rng.shuffle(pairs)
        yield from (pair + tail for pair in pairs)


def invented(number: str, short: str, rng: random.Random, *, village: bool) -> Community:
    """A community or village around a short name."""
    first, second = rng.sample(ROADS, 2)
    if village:
        return Community(number, f"{short}村", (f"{short}村",), (f"{short}大街", "进村路"))
    estates = (f"{short}小区", f"{short}花园", f"{short}家园")
    return Community(number, f"{short}社区", estates, (f"{short}路", rng.choice((first, second))))

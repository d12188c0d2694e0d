"""What in a text may tell whom it is about: looked for before something is published, and shown to whoever decides."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from gridgov.core.masking import IDENTITY, MOBILE


class Trait(models.TextChoices):
    """How it tells. Numbers of people are never published; the others may be harmless: the name of a shop, a lamp's place."""

    PHONE = "phone", _("mobile number")
    IDENTITY = "identity", _("identity number")
    LANDLINE = "landline", _("phone number")
    PLATE = "plate", _("number plate")
    NAME = "name", _("name")
    HOME = "home", _("home")


@dataclass(frozen=True, slots=True)
class Trace:
    """`words` of a text, and how they may tell whom it is about."""

    trait: Trait
    words: str


# What stands after a family name when people speak of somebody; and the commonest family names, nine people of ten.
_TITLES = "先生|女士|小姐|老师|师傅|大爷|大妈|大叔|阿姨|奶奶|爷爷|同志|某"
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江"
    "尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤温康施牛樊葛邢安齐庞伍庄申翟欧柳岳甘殷章倪俞"
)
# A family name and a title, with at most two characters between them.
_NAMED = re.compile(rf"[{_SURNAMES}][一-鿿]{{0,2}}?(?:{_TITLES})")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][· ]?[A-Z0-9]{5,6}(?![A-Z0-9])"
)
# Entrance, room, household, or a row of numbers such as 3-2-501: finer than a building.
_HOME = re.compile(r"(?<!\d)\d+\s*(?:单元|室|户)|(?<!\d)\d{1,3}-\d{1,2}-\d{3,4}(?!\d)")
_SHORTEST_NAME = 2
_PATTERNS = (
    (Trait.PHONE, MOBILE), (Trait.IDENTITY, IDENTITY), (Trait.LANDLINE, _LANDLINE), (Trait.PLATE, _PLATE),
    (Trait.NAME, _NAMED), (Trait.HOME, _HOME),
)  # fmt: skip


def traces(text: str, names: Iterable[str] = ()) -> list[Trace]:
    """What in TEXT may tell whom it is about, each once, in the order of Trait; NAMES are those known to have to do with it.
    Full-width digits and letters are read like others."""
    plain = unicodedata.normalize("NFKC", text)
    found = [Trace(trait, match[0]) for trait, pattern in _PATTERNS for match in pattern.finditer(plain)]
    known = {name.strip() for name in names if len(name.strip()) >= _SHORTEST_NAME}
    found += [Trace(Trait.NAME, name) for name in sorted(known) if name in plain]
    return list(dict.fromkeys(found))

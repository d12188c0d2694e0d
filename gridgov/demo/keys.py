"""The few accounts one signs in with, and the private file that says their passwords."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from accounts.actions import open_account
from accounts.choices import Role
from accounts.models import User
from accounts.rules.passwords import drawn
from gridgov.up.private import write_private

FILE = "accounts.txt"
LENGTH = 14


@dataclass(frozen=True, slots=True)
class Key:
    """An account to sign in with: what it is, its name, and what there is to see."""

    role: str
    username: str
    look: str


KEYS = (
    Key("街道 street office", "hub1", "受理、分派、核查结案: 全街道案件、首页看板"),
    Key("总网格长 total-grid lead", "total001", "幸福里社区: 社区协调(B级)"),
    Key("网格长 comprehensive-grid lead", "lead001001", "幸福里第一网格: 核查、改派"),
    Key("网格员 grid worker", "worker01", "手机工作台: 上报、A级自办"),
    Key("单位 unit staff", "water1", "供水公司: 签收、办理、退回"),
    Key("专业网格员 professional worker", "specialist1", "供水公司: 绑定总网格、被吹哨; 看到本单位的案件"),
    Key("志愿者 volunteer", "volunteer1", "手机端 /m/: 班次、签到、时长和积分、证明"),
    Key("调委会主任 director of a committee", "director1", "幸福里调委会: 全部案卷、指定调解员、盖章"),
    Key("调解员 mediator", "mediator1", "幸福里调委会: 承办的案卷, 手机端 /m/"),
    Key("街道 street office of the town", "s101-hub1", "另一个镇: 看不到本街道的案件"),
    Key("系统管理员 system administrator", "sysadmin", "网格、单位、账号、日历; 看不到案件"),
    Key("安全管理员 security administrator", "secadmin", "授予角色、停用账号"),
    Key("审计员 auditor", "auditor", "全部操作记录, 链式校验"),
)
ADMIN_HANDS = {
    "sysadmin": (Role.SYSTEM_ADMIN, "系统管理员"),
    "secadmin": (Role.SECURITY_ADMIN, "安全管理员"),
    "auditor": (Role.AUDITOR, "审计员"),
}


def new_passwords() -> dict[str, str]:
    """A random password for each of the KEYS, by user name."""
    return {key.username: drawn(LENGTH) for key in KEYS}


def open_admin_hands(passwords: dict[str, str], *, by: User, at: dt.datetime) -> None:
    """The three administrators, who stand in no plan."""
    for username, (role, name) in ADMIN_HANDS.items():
        open_account(username=username, full_name=name, role=role, password=passwords[username], by=by, at=at)


def write_keys(folder: Path, passwords: dict[str, str]) -> Path:
    """Put the table of accounts into FOLDER, for its owner's eyes only; the path."""
    rows = [("角色 role", "账号 user", "密码 password", "看什么 what to look at")]
    rows += [(key.role, key.username, passwords[key.username], key.look) for key in KEYS]
    widths = [max(_width(row[i]) for row in rows) for i in range(3)]
    lines = ("  ".join([*(_padded(cell, w) for cell, w in zip(row, widths, strict=False)), row[3]]) for row in rows)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    write_private(path, "\n".join(lines) + "\n")
    return path


def _width(text: str) -> int:
    """Columns that TEXT takes in a terminal: Chinese characters are two wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))

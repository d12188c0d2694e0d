"""How far each sample case has come: most are closed at their own date, some are as fresh as today.

A fresh one was reported some hours before now and stands where its last step left it, with live clocks.
"""

from dataclasses import dataclass

# What is done after the report; each name is a way to go, the hours are those since the step before.
OPEN_WAYS: dict[str, tuple[tuple[str, float], ...]] = {
    "waiting": (),
    "accepted": (("accept", 0.3),),
    "sent": (("accept", 0.3), ("dispatch", 0.2)),
    "at_work": (("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8)),
    "noted": (("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8), ("progress", 1.5)),
    "given_back": (("accept", 0.3), ("dispatch", 0.2), ("give_back", 0.5)),
    "sent_again": (("accept", 0.3), ("dispatch", 0.2), ("give_back", 0.5), ("dispatch", 0.3)),
    "completed": (("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8), ("complete", 2.0)),
    "verified": (("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8), ("complete", 2.0), ("verify", 1.0)),
    "reworked": (("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8), ("complete", 2.0), ("rework", 1.0)),
    "reopened": (
        ("accept", 0.3), ("dispatch", 0.2), ("sign_in", 0.8), ("complete", 2.0), ("verify", 1.0), ("close", 0.2),
        ("rate", 2.0), ("reopen", 4.0),
    ),
    "raised": (("progress", 5.0), ("raise_tier", 4.0), ("dispatch", 0.5), ("sign_in", 1.0)),
    "merged": (("merge", 0.3),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fresh:
    """Reported HOURS before now, gone the way `way` of OPEN_WAYS; UNIT: the department that got it by mistake."""

    way: str
    hours: float
    note: str = ""
    mistaken: str = ""


FRESH: dict[str, Fresh] = {
    "DEMO-0058": Fresh("waiting", 0.5),
    "DEMO-0057": Fresh("waiting", 1.6),
    "DEMO-0054": Fresh("accepted", 3),
    "DEMO-0013": Fresh("sent", 1.2),
    "DEMO-0021": Fresh("sent", 2),
    "DEMO-0022": Fresh("sent", 3.5),
    "DEMO-0010": Fresh("at_work", 2.5),
    "DEMO-0023": Fresh("at_work", 21),
    "DEMO-0049": Fresh("at_work", 62),
    "DEMO-0003": Fresh("noted", 4, "已劝导拆除飞线, 约业主今晚到充电棚充电。"),
    "DEMO-0033": Fresh("noted", 100, "已到现场核实, 责令加装净化设施, 正在采购。"),
    "DEMO-0025": Fresh("noted", 30, "第一次调解会已开, 双方同意先查清漏水原因。"),
    "DEMO-0047": Fresh("given_back", 6, mistaken="供水公司"),
    "DEMO-0029": Fresh("sent_again", 7, mistaken="区消防救援大队"),
    "DEMO-0046": Fresh("completed", 9),
    "DEMO-0039": Fresh("completed", 5),
    "DEMO-0055": Fresh("verified", 12),
    "DEMO-0045": Fresh("reworked", 20),
    "DEMO-0031": Fresh("reopened", 16),
    "DEMO-0006": Fresh("raised", 26, "第二次上门劝导, 住户仍不清理。"),
    "DEMO-0034": Fresh("at_work", 150),  # overdue for days, whatever the holidays
    "DEMO-0037": Fresh("sent", 98),  # overdue since a day
    "DEMO-0001": Fresh("sent", 2.6),
    "DEMO-0002": Fresh("merged", 1.4),
}


@dataclass(frozen=True, slots=True)
class Done:
    """Closed at its own date: completed after SHARE of the limit, perhaps with a detour; score 0: nobody answered."""

    share: float = 0.55
    detour: str = ""  # "rework" or a department that got it by mistake
    score: int = 4
    words: str = ""


PLAIN = (Done(), Done(0.35, score=3), Done(0.7, score=0), Done(0.45, score=4, words="处理得很快，谢谢。"))
DONE: dict[str, Done] = {
    "DEMO-0009": Done(1.4, score=1, words="拖了好几天才来，晚上还是有点吵。"),
    "DEMO-0018": Done(1.2, score=3, words="工资拿到了，就是慢了点。"),
    "DEMO-0026": Done(0.8, detour="rework", score=2, words="修好两天又停了一次。"),
    "DEMO-0043": Done(0.75, detour="区交通运输局", score=3),
    "DEMO-0030": Done(0.6, score=4, words="当晚就围起来了，第二天修好了。"),
    "DEMO-0014": Done(0.15, score=4, words="两小时就上门看了老人，谢谢网格员。"),
}
RESULTS = {
    "A": "网格员到场处理完毕，已向反映人说明情况。",
    "B": "社区牵头协调，问题已解决，反映人表示认可。",
    "C": "责任单位已处置到位，现场恢复正常，已回访反映人。",
}
RAISE_REASON = "网格员两次劝导无效，需社区协调处理。"
DUPLICATE_NOTE = "与同一小区停水事件为同一件事，并入首单办理。"

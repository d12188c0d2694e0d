"""What in a text may tell whom it is about."""

import pytest

from gridgov.core.personal import Trace, Trait, traces


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("已联系13812345678", [(Trait.PHONE, "13812345678")]),
        ("１３８１２３４５６７８", [(Trait.PHONE, "13812345678")]),
        ("证件440102199001011234", [(Trait.IDENTITY, "440102199001011234")]),
        ("致电020-87654321", [(Trait.LANDLINE, "020-87654321")]),
        ("粤A·12345停在门口", [(Trait.PLATE, "粤A·12345")]),
        ("王先生和李阿姨", [(Trait.NAME, "王先生"), (Trait.NAME, "李阿姨")]),
        ("欧建国老师", [(Trait.NAME, "欧建国老师")]),
        ("张某", [(Trait.NAME, "张某")]),
        ("2单元501室", [(Trait.HOME, "2单元"), (Trait.HOME, "501室")]),
        ("3-2-501", [(Trait.HOME, "3-2-501")]),
        ("案件20260907000123已办结，3幢楼下路灯已修复", []),
        ("工作人员、维修师傅已到场", []),
        ("", []),
    ],
)
def test_traces(text, found):
    assert traces(text) == [Trace(trait, words) for trait, words in found]


def test_names_known_to_have_to_do_with_it_are_found_each_once():
    assert traces("请慕容雪到场，慕容雪同意", ["慕容雪", "雪", "", " 慕容雪 "]) == [Trace(Trait.NAME, "慕容雪")]

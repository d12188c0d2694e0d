"""A report with photos and a voice note: all of it stands, or nothing does."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from PIL import Image

from accounts.models import User
from cases import actions
from cases.actions.marking import burn, foot_of, mark_of
from cases.choices import REPORT_PHOTO_LIMIT, VOICE_BYTES, CaseState
from cases.models import Case, Photo, VoiceNote
from gridgov.core.errors import Conflict, Invalid
from gridgov.core.models import Record
from tests.cases.desk import desk, page_of
from tests.cases.test_api import jpeg
from tests.factories import MONDAY, Cast, make_cast, make_category
from tests.openapi import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
HEIC = Path(__file__).parent.parent / "data" / "phone.heic"
WEBM = b"\x1aE\xdf\xa3" + b"\0" * 2000


@pytest.fixture
def cast() -> Cast:
    return make_cast("A")


def asked(**values: Any) -> actions.Report:
    return actions.Report(**{"category": "0602", "text": "楼道里堆了很多纸箱", "place": "3号楼", **values})


def files() -> list[Path]:
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def picture(photo: Photo) -> Image.Image:
    return Image.open(io.BytesIO((Path(settings.MEDIA_ROOT) / photo.file).read_bytes()))


def io_of(*contents: bytes) -> list[io.BytesIO]:
    return [io.BytesIO(content) for content in contents]


def big_jpeg() -> bytes:
    """Twelve megapixels as a phone held upright stores them: lying, with the place in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (31.0, 13.0, 49.0), "E", (121.0, 28.0, 25.0)
    out = io.BytesIO()
    Image.linear_gradient("L").resize((4032, 3024)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_report_comes_with_all_it_brings(cast: Cast) -> None:
    first, second = jpeg((64, 48)), jpeg((48, 64))
    voice = io.BytesIO(WEBM)
    case = actions.report_case(
        report=asked(), photos=io_of(first, second, first), voice=voice, by=cast.worker, at=MONDAY
    )
    assert [(photo.kind, photo.width, photo.height) for photo in case.photos.all()] == [
        ("before", 64, 48), ("before", 48, 64)
    ]  # fmt: skip
    note = case.voices.get()
    assert (note.mime, note.bytes) == ("audio/webm", len(WEBM))
    assert (Path(settings.MEDIA_ROOT) / note.file).read_bytes() == WEBM
    assert len(files()) == 5
    verbs = Record.objects.filter(subject_id=case.pk, subject_type="cases.case").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == [
        "cases.reported", "cases.accepted", "cases.signed_in", "cases.photo_added", "cases.photo_added",
        "cases.voice_added",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("photos", "voice", "report", "field"),
    [
        ([b"no picture"], None, asked(), "photos"),
        ([jpeg()], b"<script>alert(1)</script>", asked(), "voice"),
        ([jpeg()], WEBM + b"\0" * VOICE_BYTES, asked(), "voice"),
        ([jpeg()], WEBM, asked(category="9999"), "category"),
        ([jpeg()], WEBM, asked(text=" "), "text"),
        ([jpeg((n + 20, 20)) for n in range(REPORT_PHOTO_LIMIT + 1)], None, asked(), "photos"),
    ],
)
def test_where_one_thing_is_wrong_nothing_stays(
    cast: Cast, photos: list[bytes], voice: bytes | None, report: actions.Report, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.report_case(
            report=report, photos=io_of(*photos), voice=io.BytesIO(voice) if voice else None, by=cast.worker, at=MONDAY
        )
    assert refused.value.field == field
    assert (Case.objects.count(), Photo.objects.count(), Record.objects.count(), files()) == (0, 0, 0, [])


@pytest.mark.parametrize("name", ["heic", "jpeg"])
def test_a_phones_own_picture_is_upright_small_and_silent(cast: Cast, name: str) -> None:
    content = HEIC.read_bytes() if name == "heic" else big_jpeg()
    case = actions.report_case(
        report=asked(grid=cast.place.micros[0].code), photos=io_of(content), by=cast.street, at=MONDAY
    )
    photo = case.photos.get()
    assert (photo.width, photo.height) == (1440, 1920)
    kept = picture(photo)
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1440, 1920), {})
    assert b"GPS" not in (Path(settings.MEDIA_ROOT) / photo.file).read_bytes()


def plain_corner(case: Case, size: tuple[int, int]) -> int:
    """How many pixels of the lower left corner are white: those of letters."""
    corner = picture(case.photos.get()).convert("L").crop((0, size[1] * 3 // 4, size[0], size[1]))
    return sum(corner.histogram()[240:])


def test_a_workers_photo_says_when_where_and_by_whom(cast: Cast) -> None:
    size = (800, 600)
    worker = actions.report_case(report=asked(), photos=io_of(jpeg(size)), by=cast.worker, at=MONDAY)
    street = actions.report_case(
        report=asked(grid=cast.place.micros[0].code), photos=io_of(jpeg(size)), by=cast.street, at=MONDAY
    )
    assert plain_corner(worker, size) > 500
    assert plain_corner(street, size) == 0
    # The digest is that of what came in, whatever was written on it.
    assert worker.photos.get().sha256 == street.photos.get().sha256


def test_the_watermarks_words() -> None:
    worker = User(username="w017")
    grid = {"grid": "幸福里一号微网格", "by": worker, "at": MONDAY}
    taken = MONDAY - dt.timedelta(hours=3)
    assert mark_of(**grid, point=(121.473701, 31.230416)) == [
        "2026-09-07 09:00", "幸福里一号微网格", "31.2304,121.4737 工号 w017"
    ]  # fmt: skip
    assert mark_of(**grid, point=None, taken_at=taken) == [
        "2026-09-07 06:00（09-07 09:00 送达）", "幸福里一号微网格", "工号 w017"
    ]  # fmt: skip


@pytest.mark.parametrize("size", [(1280, 960), (600, 1920), (1920, 300), (120, 90)])
def test_a_copy_for_everybody_keeps_time_and_grid_and_nothing_of_the_worker(size: tuple[int, int]) -> None:
    ground, said = Image.new("RGB", size, "grey"), ["2026-09-07 09:00", "幸福里一号微网格"]
    long, short = (burn(ground, [*said, number]) for number in ("31.2304,121.4737 工号 王gjpqy" + "w" * 40, "工号 1"))
    foot = foot_of(ground)
    cut = [picture.crop((0, 0, size[0], size[1] - foot)) for picture in (long, short)]
    assert long.tobytes() != short.tobytes()
    assert cut[0].tobytes() == cut[1].tobytes() != ground.crop((0, 0, size[0], size[1] - foot)).tobytes()
    # Nothing of the other lines is cut.
    below = [picture.crop((0, size[1] - foot, *size)) for picture in (short, burn(ground, ["", "", "工号 1"]))]
    assert below[0].tobytes() == below[1].tobytes()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (MONDAY - dt.timedelta(hours=5), MONDAY - dt.timedelta(hours=5)),
        (MONDAY + dt.timedelta(minutes=5), MONDAY),
        (MONDAY + dt.timedelta(hours=1), None),
        (MONDAY - dt.timedelta(days=31), None),
        (None, None),
    ],
)
def test_what_is_sent_late_says_when_it_was(cast: Cast, said: dt.datetime | None, kept: dt.datetime | None) -> None:
    case = actions.report_case(report=asked(occurred_at=said), photos=io_of(jpeg()), by=cast.worker, at=MONDAY)
    assert (case.occurred_at, case.photos.get().taken_at, case.reported_at) == (kept, kept, MONDAY)
    # The clocks run by the house's time.
    assert case.deadlines.get().started_at == MONDAY


def test_solved_at_once_with_a_photo_from_after(cast: Cast) -> None:
    make_category("0603", "A", needs_photo=True)
    before, after = io_of(jpeg((30, 20))), io_of(jpeg((20, 30)))
    case = actions.solve_at_once(
        report=asked(category="0603"), result="已清理", photos=before, after=after, by=cast.worker, at=MONDAY
    )
    assert (case.state, case.completed_by, case.result) == (CaseState.COMPLETED, cast.worker, "已清理")
    assert list(case.photos.values_list("kind", flat=True)) == ["before", "after"]


def test_what_can_not_be_solved_at_once_leaves_nothing(cast: Cast) -> None:
    make_category("0603", "A", needs_photo=True)
    make_category("0604", "B")
    tries = [
        (asked(category="0603"), Invalid, "photo_needed"),
        (asked(category="0604"), Conflict, "not_at_once"),
        (asked(grid=cast.place.micros[1].code), Conflict, "not_at_once"),
    ]
    for report, refusal, code in tries:
        with pytest.raises(refusal) as refused:
            actions.solve_at_once(report=report, result="已清理", photos=io_of(jpeg()), by=cast.worker, at=MONDAY)
        assert refused.value.code == code
    assert (Case.objects.count(), Record.objects.count(), files()) == (0, 0, [])


def test_a_voice_note_is_heard_by_those_who_see_the_case(cast: Cast) -> None:
    case = actions.report_case(report=asked(), voice=io.BytesIO(WEBM), by=cast.worker, at=MONDAY)
    note = VoiceNote.objects.get()
    url = f"/api/v1/voices/{note.pk}/"
    lead = client_of(cast.lead)
    heard = lead.get(url)
    assert (heard.content, heard["Content-Type"], heard["X-Content-Type-Options"]) == (WEBM, "audio/webm", "nosniff")
    assert lead.get(f"/api/v1/cases/{case.pk}/").json()["voices"][0]["url"] == url
    assert f'src="{url}"' in desk(cast.lead).get(page_of(case)).content.decode()
    for other in (cast.outsider, cast.other_worker):
        assert client_of(other).get(url).status_code == 404
    (Path(settings.MEDIA_ROOT) / note.file).unlink()
    assert lead.get(url).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "status", "said", "first"),
    [
        ("bytes=0-1", 206, "bytes 0-1/2004", b"\x1aE"),
        ("bytes=2-", 206, "bytes 2-2003/2004", b"\xdf\xa3"),
        ("bytes=-1", 206, "bytes 2003-2003/2004", b"\0"),
        ("bytes=0-99999", 206, "bytes 0-2003/2004", b"\x1aE"),
        ("bytes=5000-", 416, "bytes */2004", b""),
        ("bytes=²-", 200, None, b"\x1aE"),
        ("bytes=-", 200, None, b"\x1aE"),
    ],
)
def test_a_part_of_a_voice_note(cast: Cast, wanted: str, status: int, said: str | None, first: bytes) -> None:
    actions.report_case(report=asked(), voice=io.BytesIO(WEBM), by=cast.worker, at=MONDAY)
    answer = desk(cast.lead).get(f"/api/v1/voices/{VoiceNote.objects.get().pk}/", headers={"Range": wanted})
    assert (answer.status_code, answer.get("Content-Range"), answer.content[:2]) == (status, said, first)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"OggS" + b"\0" * 9, "audio/ogg"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\x04rest", "audio/mpeg"),
        (b"#!AMR\nrest", "audio/amr"),
    ],
)
def test_what_telephones_record(cast: Cast, content: bytes, mime: str) -> None:
    case = actions.report_case(report=asked(), voice=io.BytesIO(content), by=cast.worker, at=MONDAY)
    assert case.voices.get().mime == mime

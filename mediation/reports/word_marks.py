"""What python-docx has no words for: a watermark in the head of each page, and a font that travels with the file."""

import io
import logging
import uuid
from pathlib import Path
from xml.sax.saxutils import quoteattr

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Pt
from fontTools import subset
from fontTools.ttLib import TTFont

from gridgov.core import pdf

# It tells of each table it cuts, and of each letter that a paper has.
logging.getLogger("fontTools").setLevel(logging.WARNING)
FONT = "Noto Sans SC"
_FILE = Path(pdf.__file__).parent / "fonts" / "NotoSansSC-GBK.ttf"
_FONT_TYPE = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_FONT_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
# The only way that Word, WPS and LibreOffice all draw: a shape of words behind the text (VML).
_MARK = """<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><w:pict>
  <v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
    <v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
      <v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
      <v:f eqn="if @0 @4 21600"/></v:formulas>
    <v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype>
  <v:shape id="ReaderMark" o:spid="_x0000_s2049" type="#_x0000_t136" o:allowincell="f" fillcolor="#9ca3af" stroked="f"
    style="position:absolute;width:480pt;height:26pt;rotation:325;z-index:-251658752;
    mso-position-horizontal:center;mso-position-horizontal-relative:margin;
    mso-position-vertical:center;mso-position-vertical-relative:margin">
    <v:fill opacity=".3"/><v:textpath style="font-family:&quot;{font}&quot;;font-size:1pt" string={words}/></v:shape>
</w:pict></w:r>"""


def put_watermark(section: Section, words: str) -> None:
    """WORDS across each page of SECTION, and in its foot."""
    head = section.header.paragraphs[0]
    head._p.append(parse_xml(_MARK.format(font=FONT, words=quoteattr(words))))
    section.footer.paragraphs[0].add_run(words).font.size = Pt(8)


def embed_font(made: Docx) -> None:
    """Put the part of the font that MADE needs into it (ECMA-376 part 4, 2.8.1). Call it when all is written."""
    table = made.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    key = uuid.uuid4()
    font = Part(
        PackURI("/word/fonts/font1.odttf"), _FONT_TYPE, _mixed(_part_of_font(_letters(made)), key), made.part.package
    )
    embedded = OxmlElement("w:embedRegular")
    embedded.set(qn("r:id"), table.relate_to(font, _FONT_RELATION))
    embedded.set(qn("w:fontKey"), f"{{{key}}}".upper())
    entry = OxmlElement("w:font")
    entry.set(qn("w:name"), FONT)
    entry.append(embedded)
    fonts = parse_xml(table.blob)
    fonts.append(entry)
    table._blob = serialize_part_xml(fonts)
    for place, name in enumerate(("w:embedTrueTypeFonts", "w:saveSubsetFonts"), 1):
        made.settings.element.insert(place, OxmlElement(name))


def _letters(made: Docx) -> str:
    """All that is written in MADE, and what somebody is likely to add with a pen of keys: figures and letters."""
    written = "".join(node.text or "" for node in made.element.iter(qn("w:t")))
    below = made.sections[0].footer.paragraphs[0].text
    return written + below + "".join(map(chr, range(0x20, 0x7F)))


def _part_of_font(letters: str) -> bytes:
    """The font with no more signs than LETTERS needs: some dozens of kilobytes in place of seven megabytes."""
    cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"]))
    cutter.populate(text=letters)
    out = io.BytesIO()
    with TTFont(_FILE, lazy=True) as font:
        cutter.subset(font)
        font.save(out)
    return out.getvalue()


def _mixed(font: bytes, key: uuid.UUID) -> bytes:
    """FONT with its first 32 bytes mixed with KEY, whose bytes count from the last."""
    turned = key.bytes[::-1] * 2
    return bytes(sign ^ other for sign, other in zip(font[:32], turned, strict=True)) + font[32:]

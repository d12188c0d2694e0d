"""Cut the theme's icon font down to the icons of icons.txt. Needs fonttools and brotli, in an environment of their own:

    python -m venv /tmp/icons && /tmp/icons/bin/pip install fonttools brotli
    /tmp/icons/bin/python deploy/icons.py

Add a name to icons.txt first; tests/front/test_assets.py says which are missing.
"""

from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).parent.parent
OURS = ROOT / "static" / "vendor" / "material-symbols-unfold-0.91.0"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def main() -> None:
    """Read the font that is installed in .venv, write ours."""
    wanted = set((OURS / "icons.txt").read_text().split())
    (source,) = ROOT.glob(".venv/lib/*/site-packages/unfold/static/unfold/fonts/material-symbols/*.woff2")
    options = subset.Options(flavor="woff2", layout_features=["*"], glyph_names=False, layout_closure=False)
    font = subset.load_font(str(source), options)
    letter = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    glyphs = {glyph for glyph, sign in letter.items() if sign in LETTERS}
    found = set()
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            ligatures = getattr(getattr(table, "ExtSubTable", table), "ligatures", {})
            for first, rows in ligatures.items():
                named = {"".join(letter.get(one, "?") for one in [first, *row.Component]): row for row in rows}
                ligatures[first] = [row for name, row in named.items() if name in wanted]
                found |= named.keys() & wanted
                glyphs |= {row.LigGlyph for row in ligatures[first]}
    if found != wanted:
        raise SystemExit(f"the font has no icon named {', '.join(sorted(wanted - found))}")
    cutter = subset.Subsetter(options)
    cutter.populate(glyphs=glyphs)
    cutter.subset(font)
    subset.save_font(font, str(OURS / "Material-Symbols-Outlined.woff2"), options)


if __name__ == "__main__":
    main()

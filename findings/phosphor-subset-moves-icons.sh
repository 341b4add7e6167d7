#!/usr/bin/env bash
# Icons of Phosphor move to the left as soon as a tool makes the font smaller.
#
# Expected: a font with fewer glyphs draws those it keeps where they were.
# Seen: the font says of each glyph that it begins at 0, in the box of the glyph and in the table of widths, although most icons begin further to the right. The
# two agree, so nothing moves. fontTools works out the boxes again when it writes a font, as its default; the widths keep their 0, and FreeType moves the
# outline by the difference: an arrow that begins at 192 of 1024 units loses all the space on its left. No warning on either side. Opened with
# recalcBBoxes=False, the wrong boxes stay, and the icons with them.
# Versions: @phosphor-icons/web 2.1.2 (npm), fonttools 4.68.0 and freetype-py 2.5.1 (PyPI).
# Decision in SkyBackup: scripts/icon-font works the boxes out first and sets the widths to them.
# Needs: npm, python3 with venv.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

python3 -m venv venv >/dev/null 2>&1 && venv/bin/pip install -q fonttools==4.68.0 freetype-py==2.5.1 >/dev/null 2>&1 ||
    { echo "could not install fonttools and freetype-py"; exit 2; }
npm pack --silent @phosphor-icons/web@2.1.2 >/dev/null 2>&1 && tar xzf phosphor-icons-web-2.1.2.tgz || { echo "could not get @phosphor-icons/web"; exit 2; }

cat >read.py <<'PYTHON'
import freetype
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

WHOLE = "package/src/regular/Phosphor.ttf"
ARROW = 0xE03E  # arrow-down

def show(what, path):
    font = TTFont(path)
    name = font.getBestCmap()[ARROW]
    face = freetype.Face(path)
    face.load_char(chr(ARROW), freetype.FT_LOAD_NO_SCALE)
    box = face.glyph.outline.get_bbox()
    print(f"{what}: box from {font['glyf'][name].xMin}, side bearing {font['hmtx'][name][1]}, drawn from {box.xMin} to {box.xMax}")

def subset(path, **how):
    font = TTFont(WHOLE, **how)
    subsetter = Subsetter(Options())
    subsetter.populate(unicodes=[ARROW])
    subsetter.subset(font)
    font.save(path)

font = TTFont(WHOLE)
glyphs = [font["glyf"][name] for name in font.getGlyphOrder() if font["glyf"][name].numberOfContours > 0]
wrong = sum(min(x for x, _ in glyph.coordinates) != glyph.xMin for glyph in glyphs)
print(f"{wrong} of {len(glyphs)} glyphs do not begin where their box does")
show("whole", WHOLE)
subset("default.ttf")
show("made smaller", "default.ttf")
subset("kept.ttf", recalcBBoxes=False)
show("made smaller, boxes as they were", "kept.ttf")
PYTHON
timeout 120 venv/bin/python read.py >seen || { echo "the font could not be read"; exit 2; }
cat seen
cat >expected <<'EXPECTED'
1474 of 1543 glyphs do not begin where their box does
whole: box from 0, side bearing 0, drawn from 192 to 832
made smaller: box from 192, side bearing 0, drawn from 0 to 640
made smaller, boxes as they were: box from 0, side bearing 0, drawn from 192 to 832
EXPECTED
if diff -u expected seen; then
    echo "as described"
else
    echo "changed"
    exit 1
fi

#!/usr/bin/env python3
"""Builds the shipped subset fonts from the Noto CJK collections of the system.

    python tools/fonts.py [--source DIR] [--out DIR]

The collections hold CFF outlines, which reportlab cannot embed, so every kept glyph is redrawn with quadratic
curves (glyf). The result is the same on every run: no time stamp, no hinting, no layout tables. Needs fontTools;
the product itself does not.
"""

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont, newTable

SOURCE = Path("/usr/share/fonts/opentype/noto")
OUT = Path(__file__).parent.parent / "src/mifeng/engines/watermark/fonts"
# Collection, full name, file, with traditional signs. Marks are drawn in Sans only, so only Sans needs the rarer
# names.
FACES = (
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "NotoSansSC-Regular.ttf", True),
    ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC", "NotoSerifSC-Regular.ttf", False),
    ("NotoSerifCJK-Bold.ttc", "Noto Serif CJK SC", "NotoSerifSC-Bold.ttf", False),
)
# Largest distance between the cubic and the quadratic outline, in thousandths of the em: a tenth of a pixel at 150
# px size.
CURVE_ERROR = 1.0
# Company levels never carry the star of the state levels; a font without it cannot draw it.
STARS = "★☆"
# Signs of names and forms that GB2312 lacks.
NAME_SIGNS = (
    "镕堃喆玥珺昉翀旻晞珣璟甯瑄祎祺琤垚犇骉赟鋆彧姮婳媖昇昶炘烜焜煊熠珅珩珮琇琎琦瑀瑨璇璐璠璿瓒畑皞皓睿矞砼祜禔禛稑穠竑筠箐綦縢绗缜羿翯翾"
    "脩芃芮苡茜荛莘菀萱葳蒨蓥薏蘅虓裎覃訚誠謇谌豳贇軒轩迦逄遥邈郃郄郗郯鄢鄯鄄醍釗钊钏钲钰铖铭锜锳锴镔镱閔闫阗隽霁霈靓韡頔頫飏飔騫骎鑫麒麴黉鼐齊"
    "兿冮丟乂亓仝仡仵伃佟佺侗俣倓倜偲傒僖儆冼冇凃凊凫刘剀剡劢劼勍勖匡卲厍叒吋吴呙哿唐啟啓喬嘉嚞囡圐圳圻坋坌埇埕埭堉堔堯塱墘夔夤奂妘妧姝姞娆娉娲婕婧媛嫄嫚嫤嬿孖孙孛宓宸寔寘寰尧屾岍岽峣峥崚崟嵊嵘嵩嶷巍帡庾廆廑弈弢彀彣彭徕徵忞怀恺悫惇愔愫慜憬懋懿戬扆扈扶承抟拊挚捷揆揭搏摯撄撼擘攸敉敦斐斓斛旃旖旸旼昃昕昫昳晁晅晊晔晗晙晟晢暄暐暕暘暠暻暾曈曌曦朕朗朓杋杕杞杲枞枫柃柘栩栻桁桉桢桦梓梵棣棻椿楗楙楠楷榕榛槊槿樊樾橦檀檗檠檩欤欧歆殳毓毖毗毚毛汆汭沄沅沆沐沚沣沨沩泂泓泖泠泮泺泾洄洌洎洣洧洮洵洸洺浈浍浐浔浚浛浠浡浥浯涑涓涞涢涣涪涫涵淏淑淞淦淩淯淼渌渑渭渟渼湉湑湜湟湫湲湳湴溆溇溍溏溦溧溱溵溶滃滆滋滏滢滪滹漪漭漳漶潆潇潋潍潏潞潢潭潺澂澄澉澍澔澛澧澹濂濉濛濠濡濮濯瀍瀑瀚瀛瀞瀹灏灞"
    "〇㈱㛃國機訊資軟體龢"
)
OTHER_SIGNS = (
    "·—–―‘’“”„…‰′″‹›※‼€™℃℉№℡Ω↔↕⇒⇔∅−∕∞≈≠≡≤≥⊕⌒─│■□▲△▶▷▼▽◀◆◇○◎●◐◯☎♀♂✓〃〈〉《》「」『』"
    "【】〒〓〔〕〖〗〜㎎㎏㎜㎝㎞㎡㎥㏄￥ﬁﬂ"
)


def listed(codec: str, leads: range, trails: range) -> set[str]:
    """Returns every sign that `codec` decodes from a two-byte code of the given ranges."""
    return {
        sign
        for lead in leads
        for trail in trails
        for sign in bytes((lead, trail)).decode(codec, "ignore")
        if ord(sign) > 127
    }


def wanted(traditional: bool) -> set[int]:
    """Returns the code points to keep: GB2312, Latin, circled and Roman numbers, punctuation, signs of names.

    `traditional` adds the 5 401 signs of the first level of Big5.
    """
    signs = set(NAME_SIGNS + OTHER_SIGNS) | listed("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    if traditional:
        signs |= listed("big5", range(0xA4, 0xC7), range(0x40, 0xFF))
    points = {ord(sign) for sign in signs}
    for first, last in (
        (0x20, 0x7E),
        (0xA0, 0xFF),
        (0x391, 0x3C9),
        (0x2160, 0x217B),
        (0x2460, 0x249B),
        (0xFF01, 0xFF5E),
    ):
        points.update(range(first, last + 1))
    return points - {ord(star) for star in STARS}


def face(collection: Path, full_name: str) -> TTFont:
    """Returns the one font of the collection whose full name begins with `full_name` and is not the Mono cut."""
    for font in TTCollection(collection, lazy=True).fonts:
        if font["name"].getDebugName(1).startswith(full_name):
            return font
    raise SystemExit(f"{collection}: no face {full_name}")


def cut(font: TTFont, points: set[int]) -> None:
    """Leaves in `font` only the glyphs of `points`, without layout, vertical metrics or hints."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    worker = subset.Subsetter(options)
    worker.populate(unicodes=points)
    worker.subset(font)


def redraw(font: TTFont) -> None:
    """Replaces the CFF outlines by quadratic ones (glyf, loca, maxp 1.0, post 3.0)."""
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    outlines = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        outlines[name] = pen.glyph()
    table = newTable("glyf")
    table.glyphs, table.glyphOrder = outlines, order
    font["loca"], font["glyf"] = newTable("loca"), table
    metrics = font["hmtx"].metrics
    for name in order:
        outlines[name].recalcBounds(table)
        metrics[name] = (metrics[name][0], getattr(outlines[name], "xMin", 0))
    del font["CFF "]
    font["maxp"] = limits(font["maxp"].numGlyphs)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 3.0, [], {}
    font.sfntVersion = "\x00\x01\x00\x00"


def limits(count: int) -> object:
    """Returns a maxp 1.0 table for `count` glyphs without instructions; contour and point counts are computed on
    saving.
    """
    table = newTable("maxp")
    table.tableVersion, table.numGlyphs = 0x00010000, count
    zero = (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxPoints",
        "maxContours",
        "maxCompositePoints",
        "maxCompositeContours",
        "maxComponentElements",
        "maxComponentDepth",
    )
    for field in zero:
        setattr(table, field, 0)
    table.maxZones = 1
    return table


def build(source: Path, out: Path) -> None:
    """Writes all faces to `out` and prints signs and bytes of each."""
    for collection, full_name, target, traditional in FACES:
        points = wanted(traditional)
        font = face(source / collection, full_name)
        missing = points - set(font.getBestCmap())
        cut(font, points)
        redraw(font)
        for record in font["name"].names:
            record.string = record.toUnicode().replace("CJK SC", "SC").replace("CJKsc", "SC")
        font.recalcTimestamp = False
        font["head"].modified = font["head"].created
        font.save(out / target)
        kept, size = len(points - missing), (out / target).stat().st_size
        print(f"{target}: {kept} signs, {size} bytes; not in the source: {''.join(map(chr, sorted(missing)))}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    build(options.source, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

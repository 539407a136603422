"""Paper: PDF pages in which any script can be read.

The letters are Source Sans, which has Latin, Greek and Cyrillic ones. What it lacks comes from the Kurinto
fonts, which together have nearly all others; they are large, so each is only opened where a text needs it.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import weblate_fonts
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONTS = Path(weblate_fonts.__file__).parent / "static" / "weblate_fonts"
SANS = FONTS / "source-sans" / "ttf"
OTHERS = FONTS / "kurinto" / "ttf"
FAMILY = "Source Sans"
#: The fonts for other scripts, in the order in which they are asked. The same Chinese character looks
#: different in Japan and Korea: a text with those countries' own letters asks their fonts first.
OTHER = "KurintoSans-Rg.ttf"
JAPANESE = "KurintoSansJP-Rg.ttf"
KOREAN = "KurintoSansKR-Rg.ttf"
CHINESE = ("KurintoSansSC-Rg.ttf", "KurintoSansTC-Rg.ttf")
KANA = range(0x3040, 0x3100)
HANGUL = range(0xAC00, 0xD7B0)

MARGIN = 18.0
GREY = (110, 116, 126)
BLACK = (33, 37, 41)
LIGHT = (222, 226, 230)


class Paper(FPDF):
    """A4 pages with numbers at their feet.

    Args:
        title: What a reader's window says.
        texts: Everything that will be written, to know the fonts for it.
    """

    def __init__(self, title: str, texts: Iterable[str]) -> None:
        super().__init__(format="A4")
        self.set_title(title)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        self.add_font(FAMILY, "", SANS / "SourceSans3-Regular.ttf")
        self.add_font(FAMILY, "B", SANS / "SourceSans3-Bold.ttf")
        self.alias_nb_pages()
        if others := _others("".join(texts)):
            for name in others:
                self.add_font(name, "", OTHERS / name)
            self.set_fallback_fonts(others, exact_match=False)
            self.set_text_shaping(use_shaping_engine=True)
        self.write_with()
        self.add_page()

    def write_with(
        self, size: float = 10, *, bold: bool = False, colour: tuple[int, int, int] = BLACK
    ) -> None:
        """Take another pen.

        Args:
            size: Of the letters, in points.
            bold: Whether they are.
            colour: Red, green and blue.
        """
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def lines(self, width: float, height: float, text: str, *, align: str = "L", below: bool = False) -> None:
        """Write a text that wraps, and go to the next line.

        Args:
            width: Of the column, in millimetres; 0: to the right margin.
            height: Of a line, in millimetres.
            text: What to write.
            align: ``L`` or ``R``.
            below: Go on below its beginning, not at the left margin.
        """
        then = XPos.LEFT if below else XPos.LMARGIN
        self.multi_cell(width, height, text, align=align, new_x=then, new_y=YPos.NEXT)

    def rule(self) -> None:
        """Draw a thin line from margin to margin."""
        self.set_draw_color(*LIGHT)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())

    def footer(self) -> None:
        """Number the page; fpdf2 calls this at the end of each."""
        self.set_y(-MARGIN + 4)
        self.write_with(8, colour=GREY)
        self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="C")


def _others(text: str) -> list[str]:
    """The fonts that a text needs beside the usual one."""
    missing = {ord(letter) for letter in text if letter.isprintable()} - _letters(
        SANS / "SourceSans3-Regular.ttf"
    )
    own = {JAPANESE: KANA, KOREAN: HANGUL}
    first = [name for name, letters in own.items() if any(letter in letters for letter in missing)]
    found = []
    for name in dict.fromkeys((OTHER, *first, *CHINESE, JAPANESE, KOREAN)):
        if missing and (has := missing & _letters(OTHERS / name)):
            found.append(name)
            missing -= has
    return found


@cache
def _letters(font: Path) -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())

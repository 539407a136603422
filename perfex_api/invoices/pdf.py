"""The paper of an invoice, drawn: letterhead, addresses, lines, totals, notes."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from fpdf.enums import XPos, YPos

from perfex_api.invoices.printed import Printed, PrintedLine
from perfex_api.paper import BLACK, GREY, LIGHT, MARGIN, Paper

#: By status, the colour of its word; the others are grey.
COLOURS = {"PAID": (25, 135, 84), "UNPAID": (200, 35, 51), "OVERDUE": (200, 90, 0)}
#: The widths of number, description, quantity, rate, taxes and amount, in millimetres: 174 together.
WIDTHS = (8.0, 72.0, 20.0, 25.0, 24.0, 25.0)
LEADING = 5.0
#: What the headings of the lines take of a page.
HEADING = 9.0
#: The logo's largest width and height.
LOGO = (60.0, 20.0)


def draw(invoice: Printed) -> bytes:
    """Draw an invoice.

    Args:
        invoice: Everything that stands on it.
    """
    paper = Paper(invoice.number, ("Item", *invoice.texts()))
    paper.set_author(invoice.company[0] if invoice.company else "")
    _head(paper, invoice)
    _parties(paper, invoice)
    _lines(paper, invoice)
    _totals(paper, invoice)
    for heading, text in invoice.notes:
        _note(paper, heading, text)
    return bytes(paper.output())


def _head(paper: Paper, invoice: Printed) -> None:
    top = paper.get_y()
    if invoice.logo:
        _logo(paper, invoice.logo)
    paper.write_with(15, bold=True)
    paper.lines(100, 7, "\n".join(invoice.company[:1]))
    paper.write_with(9, colour=GREY)
    paper.lines(100, 4.4, "\n".join(invoice.company[1:]))
    bottom = paper.get_y()
    paper.set_xy(paper.w - MARGIN - 74, top)
    paper.write_with(22, bold=True)
    _right(paper, 9, "INVOICE")
    paper.write_with(11, colour=GREY)
    _right(paper, 6, f"# {invoice.number}")
    paper.write_with(10, bold=True, colour=COLOURS.get(invoice.status, GREY))
    _right(paper, 6, invoice.status)
    paper.set_y(max(bottom, paper.get_y()) + 5)
    paper.rule()
    paper.ln(5)


def _logo(paper: Paper, file: Path) -> None:
    # A picture that is missing or broken must not keep an invoice from its customer.
    with suppress(Exception):
        paper.image(file, w=LOGO[0], h=LOGO[1], keep_aspect_ratio=True)
        paper.ln(2)


def _parties(paper: Paper, invoice: Printed) -> None:
    top, page = paper.get_y(), paper.page
    _block(paper, paper.l_margin, "Bill To", invoice.bill_to)
    bottom = paper.get_y()
    if invoice.ship_to:
        paper.set_y(top)
        _block(paper, paper.l_margin + 58, "Ship To", invoice.ship_to)
        bottom = max(bottom, paper.get_y())
    paper.set_y(top)
    for label, value in invoice.facts:
        paper.set_x(paper.w - MARGIN - 58)
        paper.write_with(9, colour=GREY)
        paper.cell(26, LEADING, label)
        paper.write_with(9)
        paper.lines(32, LEADING, value, align="R")
    if paper.page == page:
        paper.set_y(max(bottom, paper.get_y()))
    paper.ln(7)


def _block(paper: Paper, left: float, heading: str, texts: Iterable[str]) -> None:
    paper.set_x(left)
    paper.write_with(9, colour=GREY)
    paper.cell(55, LEADING, heading, new_x=XPos.LEFT, new_y=YPos.NEXT)
    for number, text in enumerate(texts):
        paper.write_with(10, bold=number == 0)
        paper.set_x(left)
        paper.lines(55, LEADING, text)


def _lines(paper: Paper, invoice: Printed) -> None:
    _heading(paper, invoice.quantity)
    for number, line in enumerate(invoice.lines, start=1):
        height = _height(paper, line)
        fits_on_a_page = height < paper.eph - HEADING  # a longer one flows from where it begins
        if paper.will_page_break(height if fits_on_a_page else 3 * LEADING):
            paper.add_page()
            _heading(paper, invoice.quantity)
        _line(paper, number, line, height)


def _heading(paper: Paper, quantity: str) -> None:
    paper.write_with(9, bold=True)
    paper.set_fill_color(*LIGHT)
    for number, label in enumerate(("#", "Item", quantity, "Rate", "Tax", "Amount")):
        paper.cell(WIDTHS[number], 7, label, align="L" if number < 2 else "R", fill=True)
    paper.ln(HEADING)


def _height(paper: Paper, line: PrintedLine) -> float:
    """What a line takes of the page."""

    def lines(width: float, text: str, *, bold: bool = False, size: float = 9.5) -> int:
        if not text:
            return 0
        paper.write_with(size, bold=bold)
        if "\n" not in text and paper.get_string_width(text) < width - 2 * paper.c_margin:
            return 1  # as most are, and much quicker told than by breaking the text
        found = paper.multi_cell(width, LEADING, text, align="L", dry_run=True, output="LINES")
        return len(found) if isinstance(found, list) else 0

    text = lines(WIDTHS[1], line.description, bold=True) + lines(WIDTHS[1], line.details, size=9)
    other = (line.qty, line.rate, line.taxes, line.amount)
    most = max(lines(width, each) for width, each in zip(WIDTHS[2:], other, strict=True))
    return LEADING * max(text, most) + 3


def _line(paper: Paper, number: int, line: PrintedLine, height: float) -> None:
    top, page = paper.get_y(), paper.page
    paper.write_with(9.5, colour=GREY)
    paper.cell(WIDTHS[0], LEADING, str(number))
    left = paper.l_margin + WIDTHS[0] + WIDTHS[1]
    paper.write_with(9.5)
    for width, text in zip(WIDTHS[2:], (line.qty, line.rate, line.taxes, line.amount), strict=True):
        paper.set_xy(left, top)
        paper.multi_cell(width, LEADING, text, align="R")
        left += width
    paper.set_xy(paper.l_margin + WIDTHS[0], top)
    paper.write_with(9.5, bold=True)
    paper.lines(WIDTHS[1], LEADING, line.description, below=True)
    if line.details:
        paper.write_with(9, colour=GREY)
        paper.lines(WIDTHS[1], LEADING, line.details, below=True)
    paper.set_y(top + height - 1.5 if paper.page == page else paper.get_y() + 1.5)
    paper.rule()
    paper.ln(1.5)


def _totals(paper: Paper, invoice: Printed) -> None:
    paper.ln(2)
    if paper.will_page_break(7 * len(invoice.totals)):
        paper.add_page()
    for label, amount in invoice.totals:
        is_sum = label in ("Total", "Amount Due")
        paper.set_x(paper.w - MARGIN - 94)
        paper.write_with(11 if is_sum else 10, bold=is_sum, colour=BLACK)
        paper.multi_cell(56, 6.5, label, align="R", new_x=XPos.RIGHT, new_y=YPos.TOP)
        paper.lines(38, 6.5, amount, align="R")
    paper.ln(6)


def _note(paper: Paper, heading: str, text: str) -> None:
    if paper.will_page_break(4 * LEADING):
        paper.add_page()
    paper.write_with(9, bold=True)
    paper.lines(0, LEADING, heading)
    paper.write_with(9, colour=GREY)
    paper.lines(0, LEADING - 0.4, text)
    paper.ln(4)


def _right(paper: Paper, height: float, text: str) -> None:
    paper.set_x(paper.w - MARGIN - 74)
    paper.lines(74, height, text, align="R")

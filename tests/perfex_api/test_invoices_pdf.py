"""The paper of an invoice, whatever stands on it."""

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from perfex_api.invoices import pdf
from perfex_api.invoices.printed import Printed, PrintedLine

LINE = PrintedLine("Camera", "12 MP", "2 pc", "$100.00", "VAT (19%)", "$200.00")
INVOICE = Printed(
    number="INV-000001",
    status="UNPAID",
    company=("Acme", "Quay 1"),
    logo=None,
    bill_to=("Meridian", "High Street 1"),
    ship_to=(),
    facts=(("Invoice Date", "2026-03-05"),),
    quantity="Qty",
    lines=(LINE,),
    totals=(
        ("Subtotal", "$200.00"),
        ("VAT (19%)", "$38.00"),
        ("Total", "$238.00"),
        ("Amount Due", "$238.00"),
    ),
    notes=(),
    date="2026-03-05",
    duedate="",
    total="$238.00",
)
#: Letters of all kinds, and what texts are broken with.
ODD = st.sampled_from("\t\r\n\x0b\x1b\u200e\u202e\u2028\ufeff{}*_|[]() ab ١٢مرחא日")
TEXTS = st.text(st.one_of(st.characters(codec="utf-8"), ODD), max_size=40)


def read(invoice: Printed) -> PdfReader:
    return PdfReader(io.BytesIO(pdf.draw(invoice)))


@settings(max_examples=10, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_can_be_printed(one: str, two: str, three: str) -> None:
    odd = replace(LINE, description=one, details=two, qty=three, taxes=two)
    parties = {"company": (one, two), "bill_to": (three,), "ship_to": (one,)}
    read(replace(INVOICE, lines=(odd, odd), notes=((one, two),), facts=((two, three),), **parties))


@pytest.mark.parametrize("name", ["Привет", "Ελλάς", "日本語のカメラ", "한국어", "你好", "ไทย"])
def test_the_paper_has_every_script(name: str, caplog: pytest.LogCaptureFixture) -> None:
    found = read(replace(INVOICE, lines=(replace(LINE, description=name),)))
    assert name in found.pages[0].extract_text()
    assert "missing" not in caplog.text


def test_a_line_that_is_longer_than_a_page_flows_on() -> None:
    long = replace(LINE, details="\n".join(f"detail {number}" for number in range(150)))
    pages = [page.extract_text() for page in read(replace(INVOICE, lines=(long, LINE))).pages]
    assert "detail 0" in pages[0]
    assert "detail 149" in pages[-1]
    assert "Amount Due" in pages[-1]


def test_a_logo_is_printed_and_a_broken_one_left_out(tmp_path) -> None:
    good, broken = tmp_path / "logo.png", tmp_path / "broken.png"
    Image.new("RGB", (300, 100), "navy").save(good)
    broken.write_text("no picture")
    assert len(read(replace(INVOICE, logo=good)).pages[0].images) == 1
    for file in (broken, tmp_path / "missing.png"):
        assert len(read(replace(INVOICE, logo=file)).pages[0].images) == 0


def test_a_pdf_says_what_it_is() -> None:
    found = read(INVOICE).metadata
    assert found is not None
    assert (found.title, found.author) == ("INV-000001", "Acme")

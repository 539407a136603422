"""Lines of invoices, estimates, proposals and credit notes, with their taxes and custom fields."""

from perfex_api.line_items.form import Sent as Sent
from perfex_api.line_items.form import WithLines as WithLines
from perfex_api.line_items.reading import amounts as amounts
from perfex_api.line_items.reading import expected as expected
from perfex_api.line_items.reading import of as of
from perfex_api.line_items.writing import add as add
from perfex_api.line_items.writing import change as change

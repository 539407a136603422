"""The change journal: what was created, updated and deleted, by whomever, in one order that never changes.

Triggers append to an inbox; ``seal`` gives what was committed its *stamp*, which is in microseconds of unix
time and always greater than every one before. ``page`` reads by stamp, so that a reader who remembers the
last one misses nothing and gets nothing twice; ``close`` turns the end of a page into a whole second.
"""

from changes.journal import Clock as Clock
from changes.journal import Event as Event
from changes.journal import Page as Page
from changes.journal import close as close
from changes.journal import page as page
from changes.journal import read_clock as read_clock
from changes.sealing import seal as seal
from changes.sealing import trim as trim

"""One file for each migration; see ``migrations``."""

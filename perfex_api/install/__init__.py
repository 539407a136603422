"""The rows that a fresh CRM starts with."""

from perfex_api.install.rows import install as install

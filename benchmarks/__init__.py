"""How fast the server is, in one run beside bare PHP and a bare WSGI floor (``python -m benchmarks``)."""

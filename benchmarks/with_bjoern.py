"""The application under bjoern, one thread a process: ``python -m benchmarks.with_bjoern PORT NUMBER``."""

import sys

import bjoern

from benchmarks.processes import fork

if __name__ == "__main__":
    port, processes = map(int, sys.argv[1:])
    fork(processes)
    from wsgi import app  # in each process, with connections of its own

    bjoern.run(app, "127.0.0.1", port, reuse_port=True)

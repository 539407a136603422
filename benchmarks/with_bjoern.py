"""The application under bjoern, one thread a process: ``python -m benchmarks.with_bjoern PORT NUMBER``."""

import os
import sys

import bjoern

if __name__ == "__main__":
    port, processes = map(int, sys.argv[1:])
    for _ in range(processes - 1):
        if os.fork() == 0:
            break
    from wsgi import app  # in each process, with connections of its own

    bjoern.run(app, "127.0.0.1", port, reuse_port=True)

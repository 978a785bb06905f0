"""How a peer is measured: it gets ready once, then runs blocks of work when it is told to.

Started as `python FILE CASE THREADS FOLDER`. It writes one line {"name", "version", "check"} when it is ready, reads
lines {"block": n} and answers each with {"ms": milliseconds of one of the n pieces of work}. It ends with its input.
"""

import json
import sys
import time

case, threads, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def serve(name, version, run, check=()):
    """run(n) does n pieces of work; `check` holds numbers that both sides must agree on."""
    say(name=name, version=version, check=list(check))
    for line in sys.stdin:
        count = json.loads(line)["block"]
        start = time.perf_counter()
        run(count)
        say(ms=(time.perf_counter() - start) * 1e3 / count)


def say(**values):
    print(json.dumps(values), flush=True)

"""Runs the trials of a study by Optuna: `tune.py PLAN.json prepare|work|report`. lib/tuning/README.md tells what for.

A trial is a process of its own (PLAN's "command"). It reads one line of JSON from its standard input, {"params": ...,
"folder": ...}, and writes lines of JSON: {"step": n, "value": x} for each validation, and at last {"value": x, ...} or
{"pruned": why} or {"error": why}. Its standard input stays open while somebody wants the answer.
"""

import json
import os
import sys
import warnings

sys.dont_write_bytecode = True  # nothing is left beside the sources
warnings.filterwarnings("ignore")  # Optuna's notes on what is experimental
try:
    import optuna
    from study import Refused, prepare, report, say
    from worker import Failed, Worker
except ImportError as error:
    print(json.dumps({"refused": f"tuning needs Optuna ({error})", "expected": "npm start, which installs it"}))
    sys.exit(2)

optuna.logging.set_verbosity(optuna.logging.ERROR)


def main(file, mode):
    with open(file, encoding="utf-8") as text:
        plan = json.load(text)
    plan["storage"] = os.environ.get("OFFSHELF_STORAGE")
    os.makedirs(plan["folder"], exist_ok=True)
    try:
        if mode == "work":
            Worker(plan).run()
        else:
            {"prepare": prepare, "report": report}[mode](plan)
    except Refused as refused:
        say(**refused.said)
        return 2
    except Failed:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

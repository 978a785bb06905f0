"""Runs the trials of a study by Optuna: `tune.py PLAN.json prepare|work|report`. lib/tuning/README.md tells what for.

A trial is a process of its own (PLAN's "command"). It reads one line of JSON from its standard input, {"params": ...,
"folder": ...}, and writes lines of JSON: {"step": n, "value": x} for each validation, and at last {"value": x, ...} or
{"pruned": why} or {"error": why}. Its standard input stays open while somebody wants the answer.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings

warnings.filterwarnings("ignore")  # Optuna's notes on what is experimental
try:
    import optuna
    import psutil
    from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
    from optuna.trial import TrialState
except ImportError as error:
    print(json.dumps({"refused": f"tuning needs Optuna ({error})", "expected": "npm start, which installs it"}))
    sys.exit(2)

optuna.logging.set_verbosity(optuna.logging.ERROR)

TRIES = 3  # of one trial, whose process or worker died
STALE = 60  # seconds after which a worker on another machine that says nothing is taken for dead


class Refused(Exception):
    """Something is wrong with what was asked for."""

    def __init__(self, what, expected):
        super().__init__(what)
        self.said = {"refused": what, "expected": expected}


class Stopped(Exception):
    """Somebody wants this worker to end."""


class Lost(Exception):
    """The process of a trial died without an answer."""


class Failed(Exception):
    """A trial cannot be made: whoever asked has to know."""


def say(**what):
    print(json.dumps(what), flush=True)


def need(module, what, package):
    try:
        __import__(module)
    except ImportError:
        raise Refused(f"{what} needs {package}", f"{sys.executable} -m pip install '{package}'") from None


# ---- the study ------------------------------------------------------------------------------------------------------


def storage_of(plan):
    url = plan["storage"]
    if url is None:
        path = os.path.join(plan["folder"], "journal.log")
        mend(path)
        # O_EXCL rather than a symbolic link: as good on NFS from version 3 on, and there on every system.
        return optuna.storages.JournalStorage(JournalFileBackend(path, lock_obj=JournalFileOpenLock(path)))
    if url.startswith("postgres"):
        need("psycopg", "PostgreSQL", "psycopg[binary]==3.3.9")
        url = "postgresql+psycopg" + url[url.index("://") :]
    beat = plan.get("heartbeat", 15)
    retry = optuna.storages.RetryHeartbeatStaleTrialCallback(max_retry=TRIES - 1)
    try:
        return optuna.storages.RDBStorage(
            url,
            heartbeat_interval=beat,
            grace_period=4 * beat,
            heartbeat_stale_trial_callback=retry,
            # Several workers write to one SQLite file: they wait for each other.
            engine_kwargs={"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {},
        )
    except Exception as error:
        raise Refused(f"--storage cannot be used ({str(error).splitlines()[0]})", "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE") from None


def mend(path):
    """Drops a last line that a lost machine left half written: no later line could be read behind it."""
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return
    lock = JournalFileOpenLock(path)
    lock.acquire()
    try:
        with open(path, "r+b") as file:
            text = file.read()
            if not text.endswith(b"\n"):
                file.truncate(text.rfind(b"\n") + 1)
    finally:
        lock.release()


def sampler_of(plan, seed):
    """A new one for each trial, seeded by how many there were: what is drawn does not depend on interruptions."""
    name = plan["sampler"]
    if name == "tpe":
        return optuna.samplers.TPESampler(seed=seed)
    if name == "random":
        return optuna.samplers.RandomSampler(seed=seed)
    if name == "cmaes":
        need("cmaes", "the sampler cmaes", "cmaes")
        return optuna.samplers.CmaEsSampler(seed=seed)
    need("scipy", "the sampler qmc", "scipy")
    return optuna.samplers.QMCSampler(scramble=True, seed=plan["seed"])  # one sequence for the whole study


def pruner_of(plan):
    if plan["pruner"] == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=4, n_warmup_steps=1)
    if plan["pruner"] == "hyperband":
        return optuna.pruners.HyperbandPruner(min_resource=1, max_resource=max(2, plan["rungs"]))
    return optuna.pruners.NopPruner()


def study_of(plan, storage):
    return optuna.create_study(
        storage=storage,
        study_name=plan["study"],
        direction="maximize",
        load_if_exists=True,
        sampler=sampler_of(plan, plan["seed"]),
        pruner=pruner_of(plan),
    )


def suggest(trial, name, space):
    if "choices" in space:
        return trial.suggest_categorical(name, space["choices"])
    low, high, log, step = space["low"], space["high"], space["log"], space.get("step")
    if space["whole"]:
        return trial.suggest_int(name, int(low), int(high), log=log, step=int(step or 1))
    return trial.suggest_float(name, low, high, log=log, step=step)


def prepare(plan):
    storage = storage_of(plan)
    turn = JournalFileOpenLock(os.path.join(plan["folder"], "turn"))
    turn.acquire()
    try:
        report(plan, begun(plan, study_of(plan, storage)))
    finally:
        turn.release()


def begun(plan, study):
    """The study, which is what the plan says, and the default settings in the queue of a new one."""
    known = study.user_attrs.get("key")
    if known is None:
        study.set_user_attr("key", plan["key"])
        study.set_user_attr("about", plan["about"])
        if plan["defaults"] is not None:
            study.enqueue_trial(plan["defaults"], user_attrs={"default": True})
    elif known != plan["key"]:
        raise Refused(f"the study \"{plan['study']}\" searches something else ({study.user_attrs.get('about')})", "another --study, or the settings that it began with")
    return study


# ---- what there is to do --------------------------------------------------------------------------------------------


def is_done(trial):
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or "gave up" in trial.user_attrs


class Lease:
    """A file that says that this worker lives: its name tells machine, process and when it began; it is touched."""

    def __init__(self, plan):
        self.folder = os.path.join(plan["folder"], "workers")
        self.journal = plan["storage"] is None
        os.makedirs(self.folder, exist_ok=True)
        began = psutil.Process().create_time()
        self.name = f"{socket.gethostname()} {os.getpid()} {began:.2f}"
        self.touch()
        threading.Thread(target=self.keep, daemon=True).start()

    def touch(self):
        with open(os.path.join(self.folder, self.name), "w") as file:
            file.write("")

    def keep(self):
        while True:
            time.sleep(10)
            self.touch()

    def end(self):
        os.remove(os.path.join(self.folder, self.name))

    def lives(self, name):
        if name is None:
            return not self.journal  # taken, and its worker died before it could say so
        host, pid, began = name.rsplit(" ", 2)
        if host == socket.gethostname():
            try:
                return abs(psutil.Process(int(pid)).create_time() - float(began)) < 0.1
            except psutil.NoSuchProcess:
                return False
        if not self.journal:
            return True  # its heartbeat tells
        try:
            self.touch()  # the same clock for both
            own = os.stat(os.path.join(self.folder, self.name)).st_mtime
            return own - os.stat(os.path.join(self.folder, name)).st_mtime < STALE
        except FileNotFoundError:
            return False


def give_back(study, lease):
    """Trials of dead workers fail, and what is to be tried again stands in the queue, each once."""
    optuna.storages.fail_stale_trials(study)
    for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING,)):
        if lease.lives(trial.user_attrs.get("worker")):
            continue
        try:
            study._storage.set_trial_user_attr(trial._trial_id, "again", True)
            study._storage.set_trial_state_values(trial._trial_id, TrialState.FAIL)
        except optuna.exceptions.UpdateFinishedTrialError:
            pass
    trials = study.get_trials(deepcopy=False)
    taken_up = {number for trial in trials for number in trial.system_attrs.get("retry_history", [])}
    for trial in trials:
        if trial.state != TrialState.FAIL or "again" not in trial.user_attrs or trial.number in taken_up:
            continue
        history = [*trial.system_attrs.get("retry_history", []), trial.number]
        attributes = {**trial.system_attrs, "failed_trial": history[0], "retry_history": history}
        default = {"default": True} if trial.user_attrs.get("default") else {}
        study.add_trial(
            optuna.create_trial(
                state=TrialState.WAITING,
                params=trial.params,
                distributions=trial.distributions,
                user_attrs=default,
                system_attrs=attributes,
            )
        )


class Worker:
    def __init__(self, plan):
        self.plan = plan
        self.study = study_of(plan, storage_of(plan))
        self.lease = Lease(plan)
        self.turn = JournalFileOpenLock(os.path.join(plan["folder"], "turn"))
        self.holds = False
        self.stopping = False
        self.child = None
        # The terminal's Ctrl-C is for the command that started this; that one closes our standard input.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.stop())
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while os.read(0, 1024):  # not sys.stdin, whose lock Python wants at its end
            pass
        self.stop()

    def stop(self):
        self.stopping = True
        child = self.child
        if child is not None:
            child.terminate()

    def take_turn(self):
        self.turn.acquire()
        self.holds = True

    def end_turn(self):
        if not self.holds:
            return
        self.holds = False
        try:
            self.turn.release()
        except RuntimeError:
            pass  # taken from us after half a minute

    def run(self):
        until = None if self.plan["timeout"] is None else time.monotonic() + self.plan["timeout"]
        try:
            while not self.stopping and (until is None or time.monotonic() < until):
                # One worker at a time looks what is left and takes a trial: never more than were asked for.
                self.take_turn()
                give_back(self.study, self.lease)
                trials = self.study.get_trials(deepcopy=False)
                done = sum(is_done(trial) for trial in trials)
                running = sum(trial.state == TrialState.RUNNING for trial in trials)
                if done >= self.plan["trials"]:
                    break
                if done + running >= self.plan["trials"]:
                    self.end_turn()
                    time.sleep(0.5)  # one of those may be lost yet
                    continue
                drawn = sum("retry_history" not in trial.system_attrs for trial in trials)
                self.study.sampler = sampler_of(self.plan, self.plan["seed"] + 1000003 * drawn)
                self.study.optimize(self.objective, n_trials=1, catch=(Lost,))
        except Stopped:
            pass
        except optuna.exceptions.UpdateFinishedTrialError:
            say(note="a trial of this worker was given to another one meanwhile")
        finally:
            if not self.holds:
                self.take_turn()
            give_back(self.study, self.lease)
            self.end_turn()
            self.lease.end()

    def objective(self, trial):
        trial.set_user_attr("worker", self.lease.name)
        self.end_turn()
        space = self.plan["space"]
        params = {name: suggest(trial, name, space[name]) for name in space}
        folder = os.path.join(self.plan["folder"], "trials", str(trial.number))
        say(trial=trial.number, state="running")
        try:
            outcome = self.trained(trial, params, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for name, value in outcome.items():
            trial.set_user_attr(name, value)
        say(trial=trial.number, state="complete", value=outcome["value"])
        return outcome["value"]

    def trained(self, trial, params, folder):
        shutil.rmtree(folder, ignore_errors=True)
        pipe = subprocess.PIPE
        self.child = subprocess.Popen(self.plan["command"], stdin=pipe, stdout=pipe, text=True)
        try:
            if self.stopping:
                self.child.terminate()
            try:
                self.child.stdin.write(json.dumps({"params": params, "folder": folder}) + "\n")
                self.child.stdin.flush()
            except BrokenPipeError:
                pass  # it ended at once: its status says why
            outcome = None
            for line in self.child.stdout:
                said = json.loads(line)
                if "step" not in said:
                    outcome = said
                    continue
                trial.report(said["value"], said["step"])
                say(trial=trial.number, state="running", step=said["step"], value=said["value"])
                if trial.should_prune():
                    say(trial=trial.number, state="pruned")
                    raise optuna.TrialPruned()
            status = self.child.wait()
        finally:
            self.child.terminate()
            self.child.wait()
            self.child.stdin.close()
            self.child = None
        return self.judged(trial, outcome, status)

    def judged(self, trial, outcome, status):
        if self.stopping and (outcome is None or "value" not in outcome):
            trial.set_user_attr("again", True)
            raise Stopped()
        if outcome is not None and "value" in outcome:
            return outcome
        if outcome is not None and "pruned" in outcome:
            trial.set_user_attr("pruned", outcome["pruned"])
            say(trial=trial.number, state="pruned")
            raise optuna.TrialPruned()
        if outcome is not None:
            trial.set_user_attr("again", True)  # once its cause is gone
            say(trial=trial.number, state="failed", error=outcome["error"], input=outcome.get("input", False))
            raise Failed(outcome["error"])
        attributes = self.study._storage.get_trial(trial._trial_id).system_attrs
        tries = 1 + len(attributes.get("retry_history", []))
        trial.set_user_attr("again" if tries < TRIES else "gave up", True)
        say(trial=trial.number, state="lost", status=status)
        raise Lost()


# ---- what came of it ------------------------------------------------------------------------------------------------


def importances(study, complete):
    """PED-ANOVA (Watanabe, Bansal and Hutter, IJCAI 2023): fANOVA of Optuna needs scikit-learn. None for too few."""
    if len(complete) < 8 or len({trial.value for trial in complete}) < 3:
        return None
    # The paper compares the best tenth with all: of few trials that is one or two, so the best four at least.
    share = max(0.1, 4 / len(complete))
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=share)
    return optuna.importance.get_param_importances(study, evaluator=evaluator)


def report(plan, study=None):
    study = study or study_of(plan, storage_of(plan))
    trials = study.get_trials(deepcopy=False)
    complete = [trial for trial in trials if trial.state == TrialState.COMPLETE]
    rows = [
        {
            "number": trial.number,
            "state": trial.state.name.lower(),
            "done": is_done(trial),
            "value": trial.value if trial.state == TrialState.COMPLETE else None,
            "params": trial.params,
            "steps": sorted(trial.intermediate_values.items()),
            "retries": trial.system_attrs.get("retry_history", []),
            "seconds": trial.duration.total_seconds() if trial.duration else None,
            "about": {key: value for key, value in trial.user_attrs.items() if key != "worker"},
        }
        for trial in trials
    ]
    say(trials=rows, importances=importances(study, complete))


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

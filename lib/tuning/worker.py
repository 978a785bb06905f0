"""A worker: takes one trial after another, and gives back what dead workers had."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import optuna
import psutil
from optuna.storages.journal import JournalFileOpenLock
from optuna.trial import TrialState
from study import TRIES, is_done, sampler_of, say, storage_of, study_of, suggest

STALE = 60  # seconds after which a worker on another machine that says nothing is taken for dead


class Stopped(Exception):
    """Somebody wants this worker to end."""


class Lost(Exception):
    """The process of a trial died without an answer."""


class Failed(Exception):
    """A trial cannot be made: whoever asked has to know."""


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

"""A study of Optuna: where its trials lie, how they are drawn, and what came of them."""

import json
import os
import sys

import optuna
from optuna.storages.journal import JournalFileBackend, JournalFileOpenLock
from optuna.trial import TrialState

TRIES = 3  # of one trial, whose process or worker died


class Refused(Exception):
    """Something is wrong with what was asked for."""

    def __init__(self, what, expected):
        super().__init__(what)
        self.said = {"refused": what, "expected": expected}


def say(**what):
    print(json.dumps(what), flush=True)


def need(module, what, package):
    try:
        __import__(module)
    except ImportError:
        raise Refused(f"{what} needs {package}", f"{sys.executable} -m pip install '{package}'") from None


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


def is_done(trial):
    return trial.state in (TrialState.COMPLETE, TrialState.PRUNED) or "gave up" in trial.user_attrs


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

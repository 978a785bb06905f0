"""IPS, SNIPS and DR with bootstrap intervals in Open Bandit Pipeline, on columns that both sides read."""

import numpy
from blocks import folder, serve

import obp
from obp.ope import DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting

RESAMPLES = 50


def column(name, kind=numpy.float64):
    return numpy.fromfile(f"{folder}/{name}", kind)


rewards, propensities, actions = column("rewards.f64"), column("propensities.f64"), column("actions.i32", numpy.int32)
rounds = len(rewards)
policy = column("policy.f64").reshape(rounds, -1, 1)
model = column("model.f64").reshape(rounds, -1, 1)
log = {"reward": rewards, "action": actions.astype(int), "pscore": propensities, "action_dist": policy}
log["position"] = numpy.zeros(rounds, int)
estimators = [
    (InverseProbabilityWeighting(), {}),
    (SelfNormalizedInverseProbabilityWeighting(), {}),
    (DoublyRobust(), {"estimated_rewards_by_reg_model": model}),
]


def values():
    return [estimator.estimate_policy_value(**log, **more) for estimator, more in estimators]


def run(count):
    for piece in range(count):
        values()
        for estimator, more in estimators:
            estimator.estimate_interval(**log, **more, n_bootstrap_samples=RESAMPLES, random_state=piece)


serve("Open Bandit Pipeline", obp.__version__, run, [float(value) for value in values()])

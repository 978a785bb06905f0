import type { OpenBanditLog } from "../../data/openBandit";
import { type LoggedRounds, loggedRounds } from "./loggedRounds";

/**
 * An Open Bandit log as rounds that evaluate the uniform policy (every item in every position with probability 1/N)
 * or the log's own, whose value is then the plain mean of its clicks.
 *
 * Both directions are not possible. From the log of Thompson sampling the uniform policy's value can be estimated,
 * because the uniform policy's probability of a logged item is known: 1/N. The other way round each row of the
 * random log would need the probability with which Thompson sampling would have shown *that* item in that position
 * at that moment. The files tell this of the rows that Thompson sampling chose itself, and of no other: its beta
 * distributions moved through the week (within one day the propensity of one item in one position takes dozens of
 * values), and neither they nor its choices for the random log's moments are written down. Any number for that
 * direction would rest on a guess at the policy under test, so it is refused.
 *
 * The probabilities are those of one position (`OpenBanditLog.propensities`), so the value is clicks for each item
 * shown, not for a list of three.
 *
 * @throws when the log is the random policy's and the target Thompson sampling.
 * @example openBanditRounds(await loadOpenBandit({ policy: "bts", campaign: "men" }), "uniform").targetProbabilities[0] // 1/34
 */
export function openBanditRounds(log: OpenBanditLog, target: "uniform" | "bts"): LoggedRounds {
  if (target === "bts" && log.policy !== "bts")
    throw new Error(
      `openBanditRounds requires the bts log to evaluate the bts policy (its probabilities for other rounds are not in the files), got the ${log.policy} log`,
    );
  const { clicks, propensities, catalog, actions, size } = log;
  const shown = new Uint8Array(catalog.size);
  for (const action of actions) shown[action] = 1;
  const never = catalog.size - shown.reduce((sum, seen) => sum + seen, 0);
  const uniform = target === "uniform";
  return loggedRounds({
    rewards: clicks,
    propensities,
    provenance: "known",
    targetProbabilities: uniform ? new Float64Array(size).fill(1 / catalog.size) : propensities.slice(),
    // The log's own policy does nothing that it does not do.
    unsupported: new Float64Array(size).fill(uniform ? never / catalog.size : 0),
  });
}

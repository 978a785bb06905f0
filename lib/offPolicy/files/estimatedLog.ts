import { idRows } from "../../data/ids";
import { InputError } from "../../data/inputError";
import type { Random } from "../../math/random";
import { doublyRobust } from "../bandit/doublyRobust";
import { snips } from "../bandit/inversePropensity";
import type { LoggedRounds } from "../bandit/loggedRounds";
import { type Reliability, reliabilityOf } from "../propensities/calibration";
import { choiceColumns } from "../propensities/choiceColumns";
import { type ChosenPropensities, chosenPropensities } from "../propensities/chosenPropensities";
import { propensitiesOf } from "../propensities/crossFitted";
import { type SensitivityBand, sensitivityOf } from "../propensities/sensitivity";
import { atTemperature, fittedTemperature } from "../propensities/temperature";
import { readContext } from "./readContext";
import type { LogColumns } from "./readLog";
import { idRowsOf } from "./readRounds";

/** Users or rounds; folds of cross-fitting need one each. */
const leastOwners = 5;

/** Propensities that were fitted to a log, and how far they can be believed. */
export interface EstimatedLog {
  /** [n] */
  readonly propensities: Float64Array;
  readonly about: PropensityModel;
  /** The estimate over temperatures and clips: what depends on the guess. */
  sensitivity(rounds: LoggedRounds): SensitivityBand;
}

export interface PropensityModel {
  /** The one that told most about rounds it did not see. */
  readonly name: string;
  readonly losses: ChosenPropensities["losses"];
  readonly expectedCalibrationError: number;
  /** 1 where the model is as sure as it should be; below, it is not sure enough. */
  readonly temperature: number;
  readonly reliability: Reliability["bins"];
}

/**
 * Fits the log's policy, cross-fitted by user where users are known, to a context or to nothing but how often each action
 * was taken.
 *
 * @param context `round_id` and numeric columns
 * @throws InputError as readContext, and when there are fewer users or rounds than folds.
 */
export async function estimatedLog(
  log: LogColumns,
  random: Random,
  { context }: { readonly context?: string } = {},
): Promise<EstimatedLog> {
  const owners = new Set(log.users ?? log.rounds).size;
  if (owners < leastOwners)
    throw new InputError(
      `${owners} ${log.users ? "users" : "rounds"} are too few to estimate propensities from`,
      {
        file: log.file,
        expected: `at least ${leastOwners}: each fifth is estimated from the others`,
      },
    );
  const described = context === undefined ? undefined : await readContext(context, log);
  const { ids, rowOf } = idRows([...new Set(log.actions)]);
  const actions = Int32Array.from(log.actions, rowOf);
  const choices = choiceColumns({
    ...{ actions, actionCount: ids.length },
    ...(described ?? { width: 0, contexts: new Float64Array(0) }),
    ...(log.users && { users: idRowsOf(log.users) }),
  });
  const { name, losses, estimated } = chosenPropensities(choices, random);
  const { bins, expectedCalibrationError } = reliabilityOf(estimated, actions);
  return {
    propensities: estimated.propensities,
    about: {
      ...{ name, losses, expectedCalibrationError, reliability: bins },
      temperature: fittedTemperature(estimated, actions),
    },
    sensitivity: (rounds) =>
      sensitivityOf(rounds, rounds.model ? doublyRobust : snips, {
        propensitiesAt: (temperature) => propensitiesOf(atTemperature(estimated, temperature), actions),
      }),
  };
}

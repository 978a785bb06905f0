/**
 * Classification as a bandit (Dudík, Langford and Li 2011, section 5.1): each picture is a round, each class an action,
 * and the right one earns 1. A classifier, with some chance added, makes the log; another one is evaluated; and since
 * every picture's class is known, so is the truth.
 *
 * It is the digits example of Open Bandit Pipeline (λ of Switch-DR and DRos by SLOPE++, δ = .1) on the same pictures,
 * with models of our own: multinomial regression makes the log, nearest means are evaluated, ridge regression guesses
 * rewards. That example's reward model is drawn far towards the mean (30 trees at a learning rate of .01), and a large
 * ridge does the same here.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { deviationOf } from "../../math/deviation";
import { drawFrom } from "../../math/drawFrom";
import { meanOf } from "../../math/mean";
import { type Random, shuffle } from "../../math/random";
import { tQuantile } from "../../math/studentT";
import { estimateOf } from "../../math/sumStatistic";
import { directMethod, doublyRobust, selfNormalisedDr } from "../bandit/doublyRobust";
import { candidatesOf, optimisticShrinkageFamily, switchDrFamily } from "../bandit/estimatorFamilies";
import { importanceWeights } from "../bandit/importanceWeights";
import { ips, snips } from "../bandit/inversePropensity";
import { type LoggedRounds, loggedRounds } from "../bandit/loggedRounds";
import { crossFittedRewards } from "../bandit/rewardModel";
import { ridgeRewards } from "../bandit/ridgeRewards";
import { slope } from "../bandit/slope";
import { choiceColumns } from "../propensities/choiceColumns";
import { multinomialModel } from "../propensities/multinomialModel";

/** Pictures with their classes. */
export interface ClassifiedPictures {
  /** n */
  readonly size: number;
  /** A */
  readonly classes: number;
  /** D */
  readonly width: number;
  /** [n] */
  readonly labels: Int32Array;
  /** [n × D] */
  readonly pixels: Float64Array;
}

/** 1,797 hand-written digits of 8 × 8 pixels from 0 to 16; see `fixtures/digits/README.md` for their source. */
export function handwrittenDigits(): ClassifiedPictures {
  const file = join(__dirname, "..", "fixtures", "digits", "images.txt.gz");
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const width = lines[0].length - 2;
  const pixels = new Float64Array(lines.length * width);
  for (const [row, line] of lines.entries())
    for (let d = 0; d < width; d++) pixels[row * width + d] = Number.parseInt(line[d + 2], 17);
  return {
    ...{ size: lines.length, classes: 10, width, pixels },
    labels: Int32Array.from(lines, (line) => Number(line[0])),
  };
}

export interface DigitsProtocolOptions {
  readonly random: Random;
  /** How often pictures are dealt out and actions drawn anew; 30 by default. */
  readonly runs?: number;
  /** Share of the pictures that are rounds; the classifiers learn from the others. .7 by default. */
  readonly evaluated?: number;
  /** Shares of their choices in which the log's policy and the target follow their classifier; .4 and .9 by default. */
  readonly logged?: number;
  readonly target?: number;
  /** λ of the reward model; 10,000, far towards the mean, by default. */
  readonly ridge?: number;
}

/** How far an estimator is off, in parts of the truth, over the runs. */
export interface RelativeError {
  readonly estimator: string;
  readonly mean: number;
  /** Of the mean. */
  readonly standardError: number;
}

/** The settings among which SLOPE++ chooses: those of the reference. */
const grid = [Number.POSITIVE_INFINITY, 10_000, 5000, 1000, 500, 100, 50, 10];

/** δ of its intervals. */
const delta = 0.1;

/**
 * Relative errors of the seven estimators of the reference, under its names.
 *
 * @returns the largest error first
 * @example digitsProtocol(handwrittenDigits(), { random: random(1) })[0].estimator // "dm"
 */
export function digitsProtocol(
  pictures: ClassifiedPictures,
  { random, runs = 30, evaluated = 0.7, logged = 0.4, target = 0.9, ridge = 10_000 }: DigitsProtocolOptions,
): readonly RelativeError[] {
  const errors = new Map<string, number[]>();
  for (let run = 0; run < runs; run++) {
    const draw = random.fork(`run ${run}`);
    const order = shuffle(
      Int32Array.from({ length: pictures.size }, (_, i) => i),
      draw.fork("split"),
    );
    const cut = Math.round(evaluated * pictures.size);
    const [shown, learned] = [order.slice(0, cut), order.slice(cut)];
    const { rounds, truth } = digitsLog(pictures, {
      ...{ shown, logged, target, ridge, random: draw },
      by: { logging: regression(pictures, learned), target: nearestMeans(pictures, learned) },
    });
    for (const [name, value] of Object.entries(estimatesOf(rounds))) {
      if (!errors.has(name)) errors.set(name, []);
      errors.get(name)!.push(Math.abs(value - truth) / truth);
    }
  }
  return [...errors]
    .map(([estimator, each]) => ({
      estimator,
      mean: meanOf(Float64Array.from(each)),
      standardError: deviationOf(Float64Array.from(each)) / Math.sqrt(each.length),
    }))
    .sort((a, b) => b.mean - a.mean);
}

/** The class that a picture is taken for, by its row. */
type Classifier = (row: number) => number;

/** A log of the pictures that were shown, and what the target truly earns on them. */
function digitsLog(
  { classes, width, pixels, labels }: ClassifiedPictures,
  {
    shown,
    by,
    random,
    ridge,
    ...shares
  }: {
    readonly shown: Int32Array;
    readonly by: { readonly logging: Classifier; readonly target: Classifier };
    readonly logged: number;
    readonly target: number;
    readonly ridge: number;
    readonly random: Random;
  },
): { readonly rounds: LoggedRounds; readonly truth: number } {
  const policy = (classifier: Classifier, share: number) => (row: number, into: Float64Array) => {
    into.fill((1 - share) / classes);
    into[classifier(row)] += share;
  };
  const [logging, judged] = [policy(by.logging, shares.logged), policy(by.target, shares.target)];
  const [own, wanted] = [new Float64Array(classes), new Float64Array(classes)];
  const actions = new Int32Array(shown.length);
  const columns = {
    rewards: new Float64Array(shown.length),
    propensities: new Float64Array(shown.length),
    targetProbabilities: new Float64Array(shown.length),
  };
  const contexts = new Float64Array(shown.length * width);
  const choosing = random.fork("actions");
  let truth = 0;
  for (const [i, row] of shown.entries()) {
    logging(row, own);
    judged(row, wanted);
    const action = drawFrom(own, choosing);
    actions[i] = action;
    columns.rewards[i] = action === labels[row] ? 1 : 0;
    columns.propensities[i] = own[action];
    columns.targetProbabilities[i] = wanted[action];
    truth += wanted[labels[row]] / shown.length;
    contexts.set(pixels.subarray(row * width, (row + 1) * width), i * width);
  }
  const choices = choiceColumns({ actions, actionCount: classes, width, contexts });
  const model = crossFittedRewards(choices, columns.rewards, {
    target: { size: shown.length, actionCount: classes, write: (i, into) => judged(shown[i], into) },
    random: random.fork("folds"),
    folds: 3,
    fit: (some, earned, rows) => ridgeRewards(some, earned, { rows, ridge }),
  });
  return { rounds: loggedRounds({ ...columns, model }), truth };
}

function estimatesOf(rounds: LoggedRounds): Readonly<Record<string, number>> {
  const weights = importanceWeights(rounds);
  const plain = { dm: directMethod, ipw: ips, snipw: snips, dr: doublyRobust, sndr: selfNormalisedDr };
  const errors = tQuantile(1 - delta, rounds.size - 1);
  return {
    ...Object.fromEntries(
      Object.entries(plain).map(([name, each]) => [name, estimateOf(each.on(rounds, weights))]),
    ),
    "switch-dr": slope(candidatesOf(switchDrFamily(grid), rounds), { errors }).value,
    "dr-os": slope(candidatesOf(optimisticShrinkageFamily(grid), rounds), { errors }).value,
  };
}

/** Multinomial regression on the pixels. */
function regression({ classes, width, labels, pixels }: ClassifiedPictures, rows: Int32Array): Classifier {
  const choices = choiceColumns({ actions: labels, actionCount: classes, width, contexts: pixels });
  const model = multinomialModel(choices, rows, { ridge: 0.1 });
  const shares = new Float64Array(classes);
  return (row) => {
    model.write(pixels.subarray(row * width, (row + 1) * width), shares);
    return shares.indexOf(Math.max(...shares));
  };
}

/** The class whose mean picture is nearest. */
function nearestMeans({ classes, width, labels, pixels }: ClassifiedPictures, rows: Int32Array): Classifier {
  const means = new Float64Array(classes * width);
  const counts = new Float64Array(classes);
  for (const row of rows) {
    counts[labels[row]]++;
    for (let d = 0; d < width; d++) means[labels[row] * width + d] += pixels[row * width + d];
  }
  for (let k = 0; k < means.length; k++) means[k] /= counts[Math.floor(k / width)];
  return (row) => {
    let [best, nearest] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c < classes; c++) {
      let squares = 0;
      for (let d = 0; d < width; d++) squares += (pixels[row * width + d] - means[c * width + d]) ** 2;
      if (squares < nearest) [best, nearest] = [c, squares];
    }
    return best;
  };
}

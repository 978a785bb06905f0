import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readProgress } from "./checkpoint";
import { handMadeLog, handMadeModel, scripted, unitVectors } from "./handMade.fixture";
import { prepareData } from "./preparedData";
import type { RunSpec } from "./runSpec";
import { trainSpec } from "./trainSpec";

const root = mkdtemp(join(tmpdir(), "offshelf-kept-"));
after(async () => rm(await root, { recursive: true, force: true }));

/** Forty users had items 0 and 1; half of them take item 2 next and half item 3. Items 4 and 5 interest nobody. */
const users = Array.from({ length: 40 }, (_, u) => ({
  train: [0, 1],
  validation: [2 + (u % 2)],
  test: [4],
}));
const { dataset, ratios } = handMadeLog(users, 6);
const data = prepareData(dataset, ratios);
const model = handMadeModel(unitVectors(6));
const place = (rank: number): number => 1 / Math.log2(rank + 1);
const near = (got: number, wanted: number): void =>
  assert.ok(Math.abs(got - wanted) < 1e-9, `${got}, ${wanted}`);

/** Scores under which the wanted items stand in places 1 and 2, 2 and 3, or 3 and 4. */
const actions = { good: [0, 0, 4, 3, 2, 1], fair: [0, 0, 3, 2, 4, 1], poor: [0, 0, 2, 1, 4, 3] };
const value = {
  good: (place(1) + place(2)) / 2,
  fair: (place(2) + place(3)) / 2,
  poor: (place(3) + place(4)) / 2,
};
type Name = keyof typeof actions;

/** A run of so many updates, with a validation after each, that ranks as named before the first update and after each. */
const ranking = (
  names: readonly Name[],
  about: Partial<RunSpec> = {},
  alarms?: readonly number[],
): RunSpec => ({
  ...{ data, model, steps: names.length - 1, evaluateEvery: 1, batchSize: 4 },
  agent: scripted((updates) => actions[names[updates]], {
    ...(alarms && { figures: (update: number) => ({ alarmShare: alarms[update] }) }),
  }),
  ...about,
});
const firstOf = (run: Awaited<ReturnType<typeof trainSpec>>): number[] =>
  [...run.recommender.recommend(data.validation!.histories, 4).items].slice(0, 4);

test("the kept step is the best that is better than step 0, and its gain has the sign of chosen less start", async () => {
  const run = await trainSpec(ranking(["poor", "fair", "good", "fair"]));
  assert.equal(run.chosenStep, 2);
  assert.deepEqual(firstOf(run), [2, 3, 4, 5]);
  assert.deepEqual([run.curves.validationNdcg.steps.length, run.keep], [4, "any"]);
  for (const [i, got] of run.curves.validationNdcg.values.entries())
    near(got, [value.poor, value.fair, value.good, value.fair][i]);
  const { stepZero } = run;
  assert.equal(stepZero!.users, 32, "a fifth of forty only choose");
  assert.deepEqual(stepZero!.evaluatedSteps, [2, 2, 2, 2]);
  assert.ok(stepZero!.difference.lower > 0.2 && stepZero!.chosen > stepZero!.start);
  near(stepZero!.difference.mean, stepZero!.chosen - stepZero!.start);
  assert.equal(stepZero!.verdict, "better than step 0");
  assert.equal(stepZero!.changedLists, 0, "the same four items in another order");
  run.dispose();
});

test("where learning makes nothing better step 0 is kept and served, unless a table asks what learning did", async () => {
  const any = await trainSpec(ranking(["good", "poor", "fair", "poor"]));
  assert.equal(any.chosenStep, 0);
  assert.deepEqual(firstOf(any), [2, 3, 4, 5]);
  assert.match(any.stepZero!.verdict, /learning was not seen to help; step 0 is kept/);
  assert.deepEqual(any.stepZero!.evaluatedSteps, [0, 0, 0, 0]);
  const learned = await trainSpec(ranking(["good", "poor", "fair", "poor"], { keep: "learned" }));
  assert.equal(learned.chosenStep, 2);
  assert.deepEqual(firstOf(learned), [4, 2, 3, 5]);
  assert.equal(learned.stepZero!.verdict, "worse than step 0");
  assert.ok(learned.stepZero!.difference.upper < 0);
  const last = await trainSpec(ranking(["good", "poor", "fair", "poor"], { keep: "last" }));
  assert.equal(last.chosenStep, 3);
  assert.deepEqual([last.stepZero!.users, last.stepZero!.evaluatedSteps], [40, [3]]);
  near(last.stepZero!.difference.mean, value.poor - value.good);
  for (const run of [any, learned, last]) run.dispose();
  const odd = ranking(["good", "poor"], { keep: "best" as "any" });
  await assert.rejects(trainSpec(odd), /keep to be one of any, learned, last, got best/);
});

test("a run that ends within the warm-up says that its actor never moved, and nothing of what learning adds", async () => {
  const within = (warmUp: number) =>
    trainSpec({
      ...ranking(["fair", "fair", "fair"]),
      agent: scripted(() => actions.fair, { warmUp }),
    });
  const still = await within(2);
  assert.match(still.warnings[0], /^the actor never moved: 2 updates are no more than its warm-up \(2 /);
  assert.equal(still.stepZero, undefined);
  const moved = await within(1);
  assert.ok(!moved.warnings.some((warning) => /never moved/.test(warning)));
  assert.ok(moved.stepZero !== undefined);
  for (const run of [still, moved]) run.dispose();
});

test("a step that impossible values led to is passed over, or named where there is no other", async () => {
  const names = ["poor", "fair", "good", "fair"] as const;
  const rang = await trainSpec(ranking(names, {}, [0, 0, 0.17, 0]));
  assert.equal(rang.chosenStep, 1);
  assert.ok(!rang.warnings.some((warning) => /the step that is kept/.test(warning)));
  assert.ok(rang.warnings.some((warning) => /up to 17% of a batch/.test(warning)));
  const always = await trainSpec(ranking(names, {}, [0, 0.2, 0.17, 0.2]));
  assert.equal(always.chosenStep, 0);
  const learned = await trainSpec(ranking(names, { keep: "learned" }, [0, 0.2, 0.17, 0.2]));
  assert.equal(learned.chosenStep, 2);
  assert.ok(learned.warnings.some((warning) => /is kept, 2, followed such values \(17% of/.test(warning)));
  for (const run of [rang, always, learned]) run.dispose();
});

test("one folder serves every way of keeping, and a run that goes on chooses as one that never stopped", async () => {
  const names = ["good", "poor", "fair", "poor", "poor"] as const;
  const folder = (name: string) => root.then((under) => join(under, name));
  const cut = { checkpointFolder: await folder("cut") };
  const stop = ({ step }: { step: number }): void => {
    if (step === 3) throw new Error("the machine goes off");
  };
  await assert.rejects(trainSpec(ranking(names, { ...cut, onProgress: stop })), /goes off/);
  const whole = { checkpointFolder: await folder("whole") };
  for (const [keep, step] of [
    ["any", 0],
    ["learned", 2],
    ["last", 4],
  ] as const) {
    const [a, b] = [
      await trainSpec(ranking(names, { ...whole, keep })),
      await trainSpec(ranking(names, { ...cut, keep })),
    ];
    assert.equal(a.chosenStep, step);
    assert.deepEqual([b.chosenStep, b.stepZero, b.curves], [a.chosenStep, a.stepZero, a.curves]);
    for (const run of [a, b]) run.dispose();
  }
  const kept = await readdir(whole.checkpointFolder);
  assert.deepEqual(kept, await readdir(cut.checkpointFolder));
  for (const step of kept)
    for (const name of await readdir(join(whole.checkpointFolder, step)))
      assert.deepEqual(
        await readFile(join(cut.checkpointFolder, step, name)),
        await readFile(join(whole.checkpointFolder, step, name)),
        `${step}/${name}`,
      );
  const { validations } = await readProgress(join(whole.checkpointFolder, kept.at(-1)!));
  assert.deepEqual(
    validations.map(({ step, ndcg }) => [step, ndcg[0]]),
    names.map((name, step) => [step, place({ good: 1, fair: 2, poor: 3 }[name])]),
  );
});

test("the seed decides what the agent draws, what a batch holds and how users are dealt", async () => {
  const various = users.map((user, u) => ({ ...user, train: [u % 2, 4, 5].slice(0, 2 + (u % 2)) }));
  const log = handMadeLog(various, 6);
  const of = async (seed: number) => {
    const heard: number[] = [];
    const run = await trainSpec({
      ...ranking(["poor", "good", "good"], {
        data: prepareData(log.dataset, log.ratios),
        seed,
        batchSize: 8,
      }),
      agent: (problem, config) => {
        const made = scripted((n) => actions[n === 0 ? "poor" : "good"], {
          onMade: (draw) => heard.push(draw),
        })(problem, config);
        return {
          ...made,
          learn(batch) {
            heard.push(...batch.itemRows.dataSync(), ...batch.states.dataSync());
            return made.learn(batch);
          },
        };
      },
    });
    run.dispose();
    return { drawn: heard[0], batches: heard.slice(1), judged: run.stepZero!.difference };
  };
  const [one, again, two] = [await of(1), await of(1), await of(2)];
  assert.deepEqual(again, one);
  assert.notEqual(two.drawn, one.drawn);
  assert.notDeepEqual(two.batches, one.batches);
  assert.notDeepEqual(two.judged, one.judged);
});

test("the chosen actor is served with the biases that it was looked at with", async () => {
  const bias = Float32Array.of(0, 0, 0, 0, 9, 0);
  const run = await trainSpec(ranking(["good", "good", "good"], { bias }));
  assert.deepEqual(firstOf(run), [4, 2, 3, 5]);
  near(run.curves.validationNdcg.values[0], value.fair);
  run.dispose();
});

import { random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { evaluateRecommender } from "../metrics/evaluate";
import { batchIndex } from "../retrieval/batchIndex";
import { exactIndex } from "../retrieval/exactIndex";
import type { ItemIndex } from "../retrieval/itemIndex";
import { gaussian } from "../tensors/initialisers";
import { withSwitch } from "../tensors/switches";
import { type AgentCase, actionSize, madeAgent } from "./benchAgents";
import { madeHistories } from "./benchCases";
import { type BenchRow, race } from "./measure";

const updates = 50;

/** An update with its step compiled into one native call, beside the same operations one by one. */
export async function trainAgent(kind: AgentCase): Promise<BenchRow> {
  const [ours, other] = [madeAgent(kind), withSwitch("OFFSHELF_EAGER", () => madeAgent(kind))];
  const some = (update: () => void) => () => {
    for (let step = 0; step < updates; step++) update();
  };
  const times = await race({ ours: some(ours.update), other: some(other.update) });
  ours.dispose();
  other.dispose();
  const each = times.other / updates;
  return {
    name: `train.${kind}`,
    value: times.ours / updates,
    unit: "ms",
    comparedWith: `operation by operation ${each.toFixed(1)} ms`,
    ratio: times.other / times.ours,
  };
}

/** Users evaluated in a second over a catalogue of 10,000: lists of 20, seven metrics at three lengths, intervals. */
export async function judgeUsers(): Promise<BenchRow> {
  const draw = random(5);
  const users = 512;
  const vectors = normaliseRows(gaussian(10_000 * actionSize, 1, draw), actionSize);
  const queries = normaliseRows(gaussian(users * actionSize, 1, draw), actionSize);
  const histories = madeHistories(users, 50, draw);
  const relevantItems = Int32Array.from(
    { length: users * 10 },
    (_, place) => (place % 10) * 1000 + draw.integer(1000),
  );
  const task = {
    stage: "test" as const,
    histories,
    relevantOffsets: Int32Array.from({ length: users + 1 }, (_, user) => 10 * user),
    relevantItems,
    relevantGains: new Float64Array(relevantItems.length).fill(1),
  };
  const trainCounts = new Float64Array(10_000).fill(1);
  const judge = (index: ItemIndex) => () => {
    const recommend = (asked: typeof histories, k: number) => index.search(queries, k, { seen: asked });
    const options = { ks: [5, 10, 20], random: random(1), trainCounts, usersAtOnce: users };
    evaluateRecommender({ name: "vectors", recommend }, task, options);
  };
  const batch = batchIndex(vectors, actionSize);
  const times = await race({ ours: judge(batch), other: judge(exactIndex(vectors, actionSize)) });
  batch.dispose();
  const rate = (milliseconds: number): number => (1000 * users) / milliseconds;
  return {
    name: "evaluate",
    value: rate(times.ours),
    unit: "users/s",
    comparedWith: `by exact scan ${rate(times.other).toFixed(0)} users/s`,
    ratio: times.other / times.ours,
  };
}

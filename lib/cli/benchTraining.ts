import { spawnSync } from "node:child_process";
import { ddpg } from "../agents/actorCritic/ddpg";
import { td3 } from "../agents/actorCritic/td3";
import type { Agent } from "../agents/agent";

import { nextItemConfig } from "../encoders/nextItemConfig";
import type { NextItemModel } from "../encoders/nextItemModel";
import { sequenceNetwork } from "../encoders/sequenceNetworks";
import { type TrainableEncoder, trainableEncoder } from "../encoders/trainableEncoder";
import { type Random, random } from "../math/random";
import { normaliseRows } from "../math/vectors";
import { evaluateRecommender } from "../metrics/evaluate";
import { type ReplayBuffer, replayBuffer } from "../replay/replayBuffer";
import { batchIndex } from "../retrieval/batchIndex";
import { exactIndex } from "../retrieval/exactIndex";
import type { ItemIndex } from "../retrieval/itemIndex";
import { gaussian } from "../tensors/initialisers";
import { madeHistories } from "./benchCases";
import { type BenchRow, median, millisecondsOf, race } from "./measure";

const [stateSize, actionSize, batchSize, updates] = [128, 64, 256, 50];

/** What PyTorch 2.15 took for the same updates on two idle cores; used where torch is not installed. */
const documented = { ddpg: 5.3, td3: 5.8, shared: 22 } as const;

/** Random transitions of the benchmark's sizes, each user's history 20 entries long. */
function madeBuffer(draw: Random, window?: number): ReplayBuffer {
  const size = 20_000;
  const rows = Int32Array.from({ length: size }, (_, row) => row);
  const items = rows.map((row) => row % 10_000);
  const starts = rows.map((row) => Math.max(0, row - 19));
  return replayBuffer(
    {
      ...{ size, stateSize, actionSize, stateRows: rows, nextStateRows: rows.map((row) => row + 1) },
      stateTable: gaussian((size + 1) * stateSize, 1, draw),
      actionTable: normaliseRows(gaussian(10_000 * actionSize, 1, draw), actionSize),
      itemRows: items,
      rewards: gaussian(size, 1, draw),
      terminals: new Uint8Array(size),
      seen: { items, weights: new Float32Array(size).fill(3), starts, ends: rows.map((row) => row + 1) },
    },
    window === undefined ? {} : { window },
  );
}

/** Median milliseconds of an update, drawing the batch included. */
async function updateTime(agent: Agent, buffer: ReplayBuffer, draw: Random): Promise<number> {
  const update = (): void => {
    const batch = buffer.sample(batchSize, draw);
    agent.learn(batch);
    batch.dispose();
  };
  for (let warm = 0; warm < 70; warm++) update(); // compiled by then
  const times: number[] = [];
  for (let repeat = 0; repeat < 5; repeat++)
    times.push(
      (await millisecondsOf(() => {
        for (let step = 0; step < updates; step++) update();
      })) / updates,
    );
  agent.dispose();
  buffer.dispose();
  return median(times);
}

/** A DDPG update on cached states (batch 256, two hidden layers of 256) beside PyTorch. */
export async function trainDdpg(): Promise<BenchRow> {
  const draw = random(1);
  const value = await updateTime(ddpg({ stateSize, actionSize, random: draw }), madeBuffer(draw), draw);
  const measured = pytorchUpdate();
  const other = measured ?? documented.ddpg;
  const named = measured === undefined ? "PyTorch 2.15 on two idle cores" : "PyTorch here";
  const comparedWith = `${named} ${other.toFixed(1)} ms${measured === undefined ? " (documented)" : ""}`;
  return { name: "train.ddpg.cached", value, unit: "ms", comparedWith, ratio: other / value };
}

/** A TD3 update on cached states, or with one GRU over ten entries that learns along. */
export async function trainTd3(kind: "cached" | "shared"): Promise<BenchRow> {
  const draw = random(1);
  const buffer = madeBuffer(draw, kind === "shared" ? 10 : undefined);
  const encoder = kind === "shared" ? madeEncoder(draw) : undefined;
  const agent = td3({ stateSize, actionSize, random: draw, ...(encoder ? { encoder } : {}) });
  const value = await updateTime(agent, buffer, draw);
  const other = kind === "shared" ? documented.shared : documented.td3;
  const comparedWith = `PyTorch 2.15 on two idle cores ${other.toFixed(1)} ms (documented)`;
  return { name: `train.td3.${kind}`, value, unit: "ms", comparedWith, ratio: other / value };
}

/** A fresh GRU of the benchmark's sizes over random item vectors. */
function madeEncoder(draw: Random): TrainableEncoder {
  const config = nextItemConfig({ width: actionSize, units: stateSize });
  const sequence = {
    itemVectors: normaliseRows(gaussian(10_000 * actionSize, 1, draw), actionSize),
    weights: sequenceNetwork(config).start(draw),
    weightScale: { centre: 3, spread: 2 },
  };
  const parameters = { config, sequence } as unknown as NextItemModel["parameters"];
  return trainableEncoder({ parameters });
}

/** Milliseconds of the same update in PyTorch, where a `python3` with torch is at hand. */
function pytorchUpdate(): number | undefined {
  const ended = spawnSync("python3", ["-c", pytorchScript], { encoding: "utf8", timeout: 120_000 });
  const value = ended.status === 0 ? Number(ended.stdout) : Number.NaN;
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

const pytorchScript = `
import copy, statistics, time, torch, torch.nn as nn, torch.nn.functional as F
torch.set_num_threads(2)
def mlp(i, o): return nn.Sequential(nn.Linear(i, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, o))
actor, critic = mlp(128, 64), mlp(192, 1)
targets = copy.deepcopy(actor), copy.deepcopy(critic)
adam = lambda net, rate: torch.optim.Adam(net.parameters(), rate)
of_actor, of_critic = adam(actor, 1e-4), adam(critic, 1e-3)
s, s2, a, r = torch.randn(256, 128), torch.randn(256, 128), F.normalize(torch.randn(256, 64), dim=1), torch.randn(256, 1)
mu = lambda net, x: F.normalize(net(x), dim=1)
q = lambda net, x, y: net(torch.cat([x, y], 1))
def update():
    with torch.no_grad(): y = r + .9 * q(targets[1], s2, mu(targets[0], s2))
    of_critic.zero_grad(); F.mse_loss(q(critic, s, a), y).backward(); of_critic.step()
    of_actor.zero_grad(); (-q(critic, s, mu(actor, s)).mean()).backward(); of_actor.step()
    with torch.no_grad():
        for target, net in zip(targets, (actor, critic)):
            for p, w in zip(target.parameters(), net.parameters()): p.lerp_(w, .001)
for _ in range(20): update()
times = []
for _ in range(5):
    start = time.perf_counter()
    for _ in range(50): update()
    times.append((time.perf_counter() - start) / 50 * 1e3)
print(statistics.median(times))
`;

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

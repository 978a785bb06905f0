import assert from "node:assert/strict";
import { test } from "node:test";
import { type BaselineName, fitBaseline } from "../baselines/fitBaselines";
import { requestMoments } from "../baselines/recentPopularity";
import { defaultSettings } from "../baselines/settings";
import { random } from "../math/random";
import { rankingMetrics } from "../metrics/metrics";
import { historiesOf } from "./histories";
import type { Interactions } from "./interactions";
import { leaveOneOutSplit, temporalSplit } from "./split";
import { syntheticPopularity } from "./syntheticPopularity";
import { syntheticSequence } from "./syntheticSequence";
import { syntheticTaste } from "./syntheticTaste";
import { taskOf } from "./task";

const config = { users: 300, items: 300, rows: [20, 50] } as const;
const kinds = [
  ["sequence", syntheticSequence],
  ["popularity", syntheticPopularity],
  ["taste", syntheticTaste],
] as const;

/** NDCG@10 on test of a baseline with the settings that nobody tuned. */
function ndcgOf(log: Interactions, protocol: "temporal" | "leave-one-out"): (name: BaselineName) => number {
  const split = protocol === "temporal" ? temporalSplit(log) : leaveOneOutSplit(log);
  const task = taskOf(log, split, "test");
  const settings = defaultSettings(log, split);
  const moments = requestMoments(log, split.test);
  return (name) => {
    const fitted = fitBaseline(name, log, split.train, { settings, moments, random: random(1) });
    return rankingMetrics(fitted.recommend(task.histories, 10), task, [10]).at[10].ndcg;
  };
}

for (const [kind, make] of kinds) {
  const made = make({ seed: 1, config });
  const { interactions: log } = made;

  test(`${kind}: the same seed gives the same log, another seed another; the name says the kind`, () => {
    assert.deepEqual(make({ seed: 1, config }).interactions, log);
    assert.notDeepEqual(make({ seed: 2, config }).interactions.items, log.items);
    assert.equal(made.name, `synthetic-${kind}`);
    assert.match(
      made.label,
      new RegExp(`^synthetic data, ${kind}-driven \\(300 users, [\\d,]+ ratings, seed 1\\)$`),
    );
  });

  test(`${kind}: times ascend, ratings 1 .. 5, nobody has an item twice, 20 to 50 rows a user`, () => {
    const counts = new Int32Array(config.users);
    const pairs = new Set<number>();
    let liked = 0;
    for (let row = 0; row < log.size; row++) {
      assert.ok(row === 0 || log.times[row] >= log.times[row - 1]);
      assert.ok([1, 2, 3, 4, 5].includes(log.weights[row]));
      if (log.weights[row] >= 4) liked++;
      counts[log.users[row]]++;
      pairs.add(log.users[row] * config.items + log.items[row]);
    }
    assert.equal(pairs.size, log.size);
    assert.ok(counts.every((count) => count >= 20 && count <= 50));
    assert.ok(liked / log.size > 0.6 && liked / log.size < 0.9, `${liked / log.size} of the rows are liked`);
    const judged = taskOf(log, temporalSplit(log), "test").histories.size;
    assert.ok(judged > 150, `${judged} users are judged by time`);
  });

  test(`${kind}: 1,000 readers and 1,500 items in two seconds, and impossible sizes are refused`, () => {
    const begun = process.cpuUsage();
    const { interactions } = make();
    const { user, system } = process.cpuUsage(begun);
    const seconds = (user + system) / 1e6; // of computing, whatever else the machine does
    assert.deepEqual([interactions.userIds.length, interactions.itemIds.length], [1000, 1500]);
    assert.ok(interactions.size > 58_000 && interactions.size < 62_000, `${interactions.size} rows`);
    assert.ok(seconds < 2, `${seconds} s`);
    assert.throws(() => make({ config: { users: 9 } }), /requires 10 users, .* got 9 users, 1500 items/);
    assert.throws(() => make({ config: { items: 40 } }), /got 1000 users, 40 items, rows 30 to 90/);
  });
}

for (const protocol of ["temporal", "leave-one-out"] as const) {
  test(`sequence, ${protocol}: sequence rules are far ahead of EASE, and popularity is nearly nothing`, () => {
    const ndcg = ndcgOf(syntheticSequence({ seed: 1, config }).interactions, protocol);
    const rules = ndcg("sequence-rules");
    // Seeds 1, 2, 3: .254, .267, .254 against EASE's .074, .099, .049 by time; five times EASE's leave-one-out.
    assert.ok(rules > 2.5 * ndcg("ease"), `rules ${rules}, EASE ${ndcg("ease")}`);
    assert.ok(rules > 1.3 * ndcg("ease-recency"), `EASE + recency ${ndcg("ease-recency")}`);
    assert.ok(rules > 3 * ndcg("recent-popularity"), `recent popularity ${ndcg("recent-popularity")}`);
  });

  test(`popularity, ${protocol}: recent popularity beats all that read histories, and old popularity`, () => {
    const ndcg = ndcgOf(syntheticPopularity({ seed: 1, config }).interactions, protocol);
    const recent = ndcg("recent-popularity");
    // Seeds 1, 2, 3: .152, .150, .186 against item-kNN's .076, .033, .069 by time; .174 against .108 leave-one-out.
    for (const name of ["item-knn", "ease", "most-popular"] as const)
      assert.ok(recent > 1.5 * ndcg(name), `recent ${recent}, ${name} ${ndcg(name)}`);
    for (const name of ["ease-recency", "sequence-rules"] as const)
      assert.ok(recent > 1.3 * ndcg(name), `recent ${recent}, ${name} ${ndcg(name)}`);
  });

  test(`taste, ${protocol}: EASE and item-kNN are far ahead of popularity and of sequence rules`, () => {
    const ndcg = ndcgOf(syntheticTaste({ seed: 1, config }).interactions, protocol);
    // Seeds 1, 2, 3: EASE .338, .332, .337, rules .138, .124, .162, recent popularity .057, .048, .055 by time.
    for (const name of ["ease", "item-knn"] as const) {
      const own = ndcg(name);
      assert.ok(own > 1.7 * ndcg("sequence-rules"), `${name} ${own}, rules ${ndcg("sequence-rules")}`);
      assert.ok(own > 3 * ndcg("recent-popularity"), `${name} ${own}, recent ${ndcg("recent-popularity")}`);
      assert.ok(own > 3 * ndcg("most-popular"), `${name} ${own}, popular ${ndcg("most-popular")}`);
    }
    // Where order says nothing, weighing the last items more can only lose.
    assert.ok(ndcg("ease") > 1.1 * ndcg("ease-recency"), `with recency ${ndcg("ease-recency")}`);
  });
}

test("sequence: the shares of the successors of the last item, and of the one before, are as told", () => {
  const { interactions, successorsOf } = syntheticSequence({ seed: 3, config: { ...config, items: 3000 } });
  const all = Int32Array.from({ length: interactions.size }, (_, row) => row);
  const { items, offsets, size } = historiesOf(interactions, all);
  const found = [0, 0, 0, 0, 0, 0];
  let steps = 0;
  for (let h = 0; h < size; h++)
    for (let e = offsets[h] + 2; e < offsets[h + 1]; e++) {
      steps++;
      for (const back of [1, 2]) {
        const successors = successorsOf.subarray(3 * items[e - back], 3 * items[e - back] + 3);
        // What both lead to counts for the last.
        const place = successors.indexOf(items[e]);
        if (place < 0) continue;
        found[3 * (back - 1) + place]++;
        break;
      }
    }
  // follow · (1 − fromBefore) · (.7, .2, .1); of 3,000 items few were read before, or come by fame.
  const last = [0.448, 0.128, 0.064] as const;
  // follow · fromBefore · (.7, .2, .1), but where the last item is that successor already, the next one is taken.
  const drawn = [0.112, 0.032, 0.016] as const;
  const before = drawn.map((share, s) => share * (1 - last[s]) + drawn.at(s - 1)! * last.at(s - 1)!);
  [...last, ...before].forEach((share, s) => {
    assert.ok(
      Math.abs(found[s] / steps - share) < 0.015,
      `successor ${s}: ${found[s] / steps}, told ${share}`,
    );
  });
});

test("popularity: what a reader takes first is drawn by the trends of that day, and they move", () => {
  const sizes = { users: 3000, items: 300, rows: [2, 2], ownTaste: 0 } as const;
  const { interactions: log, logFame } = syntheticPopularity({ seed: 1, config: sizes });
  const seen = new Uint8Array(sizes.users);
  let [now, told, later, even] = [0, 0, 0, 0];
  for (let row = 0; row < log.size; row++) {
    if (seen[log.users[row]]++ > 0) continue; // the first alone: nothing is left out of the draw yet
    const t = Math.floor((log.times[row] - Date.UTC(2020, 0, 1) / 1000) / 86_400);
    const logShares = logSharesOf(logFame, t, sizes.items);
    now += logShares[log.items[row]] / sizes.users;
    for (const share of logShares) told += (share * Math.exp(share)) / sizes.users;
    later += logSharesOf(logFame, (t + 365) % 730, sizes.items)[log.items[row]] / sizes.users;
    even -= Math.log(sizes.items) / sizes.users;
  }
  // Mean log share of what was taken: minus the entropy of the day's shares, give or take 1.1 / √3000 = .02.
  assert.ok(Math.abs(now - told) < 0.08, `${now}, told ${told}`);
  assert.ok(told > even + 0.5, `${told}, even shares ${even}`);
  assert.ok(now > later + 0.7, `${now}, a year on ${later}`);
});

test("taste: ratings follow the known preferences, and a reader's order and the time say nothing of them", () => {
  const { interactions: log, preferences } = syntheticTaste({ seed: 1, config });
  let [error, early, late] = [0, 0, 0];
  const seen = new Int32Array(config.users);
  const counts = new Int32Array(config.users);
  for (const user of log.users) counts[user]++;
  for (let row = 0; row < log.size; row++) {
    const user = log.users[row];
    const liking = preferences[user * config.items + log.items[row]];
    error += (log.weights[row] - Math.min(5, Math.max(1, 3.2 + 0.7 * liking))) ** 2;
    if (2 * seen[user]++ < counts[user]) early += liking;
    else late += liking;
  }
  // Noise .5 and rounding to whole ratings (1/12 of variance), less where cut off at 5.
  const rmse = Math.sqrt(error / log.size);
  assert.ok(rmse < Math.sqrt(0.25 + 1 / 12) + 0.02 && rmse > 0.45, `${rmse}`);
  let [mean, square] = [0, 0];
  for (const value of preferences) {
    mean += value / preferences.length;
    square += value ** 2 / preferences.length;
  }
  assert.ok(Math.abs(mean) < 0.1 && Math.abs(square - 1) < 0.1, `${mean}, ${square}`);
  // Halves of histories are alike: the difference of their mean likings is within 4 standard errors (about .8 / √n).
  const [first, second] = [early / (log.size / 2), late / (log.size / 2)];
  assert.ok(Math.abs(first - second) < 0.08, `${first} and ${second}`);
});

/** [items] log of each item's share of a day. */
function logSharesOf(logFame: Float32Array, day: number, items: number): Float64Array {
  const logits = logFame.subarray(day * items, (day + 1) * items);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit);
  return Float64Array.from(logits, (logit) => logit - Math.log(sum));
}

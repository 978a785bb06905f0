import assert from "node:assert/strict";
import { test } from "node:test";
import { historiesOfLists } from "../../data/histories";
import { random } from "../../math/random";
import { tabularStates } from "./tabularStates";

const options = { items: 8, random: random(1), clusters: 2, width: 2 };
const histories = historiesOfLists([[3, 1, 2], [], [5]], { users: [4, 6, -1] });

test("states of last item and user, before and after", () => {
  const last = tabularStates("last-item", options);
  assert.deepEqual([...last.after(histories)], [3, 1, 2, 5]);
  assert.deepEqual([...last.start(histories)], [-1, -1, -1]);
  const user = tabularStates("user", options);
  assert.deepEqual([...user.after(histories)], [4, 4, 4, -1]);
  assert.deepEqual([...user.start(histories)], [4, 6, -1]);
});

test("clusters part readers of one half of the catalogue from those of the other; a state looks at its own past alone", () => {
  const log = historiesOfLists(
    Array.from({ length: 40 }, (_, user) => {
      const from = user % 2 === 0 ? 0 : 4;
      return [0, 1, 2].map((place) => from + ((user + place) % 4));
    }),
  );
  const clusters = tabularStates("user-cluster", options);
  assert.throws(() => clusters.after(log), /requires clusters, got none/);
  clusters.fit(log);
  const states = clusters.after(log);
  const [one, other] = [states[0], states[3]];
  assert.notEqual(one, other);
  for (const [e, state] of states.entries()) assert.equal(state, Math.floor(e / 3) % 2 === 0 ? one : other);
  // Somebody new moves over: after two of the one half, three of the other.
  const moving = clusters.after(historiesOfLists([[0, 1, 4, 5, 6]], { users: [-1] }));
  assert.deepEqual([moving[0], moving[1], moving[4]], [one, one, other]);
  assert.deepEqual(clusters.after(historiesOfLists([[0, 1, 4]], { users: [-1] })), moving.slice(0, 3));
  const copy = tabularStates("user-cluster", options);
  copy.restore(clusters.columns());
  assert.deepEqual(copy.after(log), states);
});

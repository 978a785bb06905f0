import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { historiesOfLists } from "../../data/histories";
import { type OpenBrowser, openBrowser } from "../../figures/render";
import { random } from "../../math/random";
import { type OpenRun, openRun } from "../../runs/openRun";
import { servedLists } from "../../runs/servedLists";
import { policyServer } from "../engine/policyServer";
import type { AnsweredSlate, SlateRequest } from "../engine/slateRequest";
import type { Answer, Ask } from "../page/protocol";
import { openSite } from "./openSite.fixture";
import { trainedRun } from "./trainedRun.fixture";
import { siteOf } from "./writeSite";

let root: string;
let browser: OpenBrowser;

before(async () => {
  root = await mkdtemp(join(tmpdir(), "offshelf-export-"));
  browser = await openBrowser({ scale: 1 });
});

after(async () => {
  await browser.close();
  await rm(root, { recursive: true, force: true });
});

/** Runs of all kinds; actors keep their last step, so that what learned is what is served. */
const kinds: readonly { readonly agent: string; readonly set?: readonly string[] }[] = [
  { agent: "ddpg", set: ["agent.actorLearningRate=0.05", "agent.warmUp=0", "agent.hidden=[16]"] },
  { agent: "bcq", set: ["agent.actorLearningRate=0.05", "agent.warmUp=0", "agent.hidden=[16]"] },
  { agent: "sac", set: ["window=4", "agent.actorLearningRate=0.05", "agent.warmUp=0", "agent.hidden=[16]"] },
  { agent: "dqn", set: ["agent.criticLearningRate=0.05", "agent.hidden=[16]", "agent.candidates=12"] },
  { agent: "next-item", set: ["repeats=true", "nextItem.encoder=attention", "nextItem.geometry=inner"] },
  { agent: "item-knn" },
  { agent: "sequence-rules" },
  { agent: "most-popular" },
  { agent: "random" },
];

/** 20 requests with histories of 0 to 24 items, and rules, temperatures and seeds of all kinds. */
function requests({ dataset: { catalog } }: OpenRun): Ask[] {
  const draw = random(7);
  const some = (count: number): string[] =>
    Array.from({ length: count }, () => catalog.ids[draw.integer(catalog.size)]);
  return Array.from({ length: 20 }, (_, i) => ({
    items: some(i === 19 ? 0 : 1 + ((i * 5) % 24)),
    k: 1 + (i % 12),
    seed: 1000 + i,
    explain: true,
    ...(i % 3 === 1 && { temperature: 0.25 + i / 8 }),
    ...(i % 4 === 2 && { variety: i / 4 }),
    ...(i % 5 === 3 && { exclude: some(6) }),
    ...(i % 7 === 4 && { only: some(25) }),
    ...(i % 6 === 5 && { where: { price: { min: 5, max: 30 } } }),
  }));
}

/** The same as the engine takes it. */
const asked = ({ seed, policy: _, ...rest }: Ask): SlateRequest => ({ k: 10, ...rest, draw: seed! });

const ask = (page: Page, body: Ask, best = false): Promise<Answer> =>
  page.evaluate(
    `globalThis.offshelf.then((backend) => backend.recommend(${JSON.stringify(body)}, { best: ${best} }))`,
  );

/** Ids equal place by place, numbers within what single precision in another order of sums can be apart. */
function requireSame(
  got: Answer,
  rows: readonly string[],
  slate: Omit<AnsweredSlate, "rows">,
  of: string,
): void {
  assert.deepEqual(
    got.recommendations.map(({ item_id }) => item_id),
    rows,
    of,
  );
  got.recommendations.forEach(({ probability, score }, i) => {
    assert.ok(Math.abs(probability - slate.probabilities[i]) < 1e-5, `${of}: ${probability}`);
    assert.ok(Math.abs(score - slate.scores[i]) < 1e-4 * (1 + Math.abs(score)), `${of}: ${score}`);
  });
}

for (const { agent, set } of kinds)
  test(`an exported run of ${agent} answers as its server does, from a file`, async () => {
    const run = await openRun(await trainedRun(root, agent, { agent, ...(set && { set }) }));
    const site = await siteOf(run);
    const { page, heard, folder } = await openSite(browser.context, site, join(root, `site-${agent}`));
    try {
      const { catalog } = run.dataset;
      const server = policyServer(run);
      const idsOf = (rows: Iterable<number>): string[] => [...rows].map((row) => catalog.ids[row]);
      const likedWeight = Math.max(...run.dataset.interactions.weights);
      let moved = 0;
      for (const [i, body] of requests(run).entries()) {
        const own = server.answer([asked(body)])[0] as AnsweredSlate;
        const got = await ask(page, body);
        const of = `${agent}, request ${i}`;
        requireSame(got, idsOf(own.rows), own, of);
        got.recommendations.forEach(({ because }, place) => {
          const why = own.because?.[place];
          assert.equal(because?.item_id, why && catalog.ids[why.row], of);
          if (why) assert.ok(Math.abs(because!.similarity - why.similarity) < 1e-6);
        });
        if (body.items!.length === 0) continue;
        // Without a draw: what `npm run recommend` gives to whoever likes these items.
        const rows = body.items!.map((id) => catalog.rowOf(id));
        const liked = run.config.repeats ? rows : [...new Set(rows)];
        const lists = servedLists(run, historiesOfLists([liked], { weights: likedWeight }), 10);
        const best = await ask(page, { items: body.items!, k: 10 }, true);
        const count = lists.items.indexOf(-1) < 0 ? 10 : lists.items.indexOf(-1);
        const slate = {
          scores: [...lists.scores.subarray(0, count)],
          probabilities: lists.probabilities
            ? [...lists.probabilities.subarray(0, count)]
            : [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        };
        requireSame(best, idsOf(lists.items.subarray(0, count)), slate, `${of}, best first`);
        if (run.supervised === undefined) continue;
        const { policy } = (await ask(page, body)) as Answer;
        const start = await ask(
          page,
          { items: body.items!, k: 10, policy: `${policy}, before learning` },
          true,
        );
        const first = run.supervised.recommend(historiesOfLists([liked], { weights: likedWeight }), 10, {
          unavailable: new Set(idsGone(run)),
        });
        assert.deepEqual(
          start.recommendations.map(({ item_id }) => item_id),
          idsOf(first.items.filter((row) => row >= 0)),
        );
        if (
          start.recommendations.map(({ item_id }) => item_id).join() !==
          best.recommendations.map(({ item_id }) => item_id).join()
        )
          moved++;
      }
      if (run.supervised !== undefined)
        assert.ok(moved > 0, "the actor learned something else than its start");
      const popular = server.answer([{ ...asked(requests(run)[3]), popular: true }])[0] as AnsweredSlate;
      const shown = await ask(page, { ...requests(run)[3], policy: "most-popular" });
      requireSame(shown, idsOf(popular.rows), popular, "most popular");
      // Nothing but the folder's own files was asked for, before lists and after.
      const own = [...site.keys()].map((name) => pathToFileURL(join(folder, name)).href).sort();
      assert.deepEqual([...heard].sort(), own);
    } finally {
      await page.close();
      run.dispose();
    }
  });

function idsGone({ dataset: { catalog } }: OpenRun): number[] {
  return Array.from({ length: catalog.size }, (_, row) => row).filter(
    (row) => catalog.numbers.available?.[row] === 0 || catalog.text.available?.[row] === "no",
  );
}

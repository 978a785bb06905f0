import type { Command } from "commander";
import { type Histories, historiesOf, historiesOfLists } from "../data/histories";
import { InputError } from "../data/inputError";
import { unavailableItems } from "../data/unavailableItems";
import { writeJsonAtomically } from "../data/writeAtomically";
import { random, shuffle } from "../math/random";
import { terminalTable } from "../metrics/terminalTable";
import { findItem } from "../runs/findItem";
import { newReaderLists } from "../runs/newReaders";
import { type OpenRun, openRun } from "../runs/openRun";
import { type ServedLists, servedLists } from "../runs/servedLists";
import { entriesOf, writeBatchLists } from "./batchLists";
import { exitWith, runCommand } from "./frame";
import { wholeNumber } from "./options";
import type { Output } from "./output";
import { readUserIds } from "./readUserIds";

interface Options {
  readonly run: string;
  readonly user?: string;
  readonly items?: string;
  readonly random?: number;
  readonly users?: string;
  readonly k: number;
  readonly seed: number;
  readonly out?: string;
  readonly json?: string;
  readonly strict?: boolean;
}

/** `npm run recommend`: lists from a run folder. */
export function describeRecommend(command: Command, output: Output): void {
  command
    .description(
      "Recommends from a run: to a user of its log, to whoever liked some items, or to many users at once.",
    )
    .requiredOption("--run <folder>", "a run folder, as npm run train makes")
    .option(
      "--user <id>",
      "a user of the log, whose items are left out; somebody new gets what is popular now, or with --items what suits them",
    )
    .option("--items <list>", 'items somebody likes, by title or id: "The Hobbit; 1984; id:58"')
    .option("--random <n>", "so many random items instead", wholeNumber(1))
    .option("--users <file>", "a CSV with user_id: one list for each user")
    .option("--k <n>", "length of a list; 3 with --random, 10 otherwise", wholeNumber(1))
    .option("--seed <number>", "seed of --random", wholeNumber(0), 1)
    .option("--out <file>", "write user_id,item_id,rank,score here instead of to stdout (with --users)")
    .option("--strict", "refuse users who are not in the log")
    .option("--json <file>", "also write the lists to a file")
    .action(async (options: Options) => {
      const ways = [options.user ?? options.items, options.random, options.users];
      if (ways.filter((way) => way !== undefined).length !== 1)
        command.error(
          "error: expected one of --user, --items, --random and --users (--user and --items together for somebody new)",
          { exitCode: 2 },
        );
      if (options.out !== undefined && options.users === undefined)
        command.error("error: --out goes with --users", { exitCode: 2 });
      const run = await openRun(options.run);
      try {
        if (options.users !== undefined) await toMany(run, options, output);
        else await toOne(run, options, output);
      } finally {
        run.dispose();
      }
    });
}

async function toOne(run: OpenRun, options: Options, output: Output): Promise<void> {
  const { catalog } = run.dataset;
  const k = options.k ?? (options.random === undefined ? 10 : 3);
  const { histories, given } = requestOf(run, options, output);
  const lists: ServedLists = histories === "new" ? newReaderLists(run, 1, k) : servedLists(run, histories, k);
  const recommendations = entriesOf(lists, 0).map(({ item, ...rest }, place) => ({
    rank: place + 1,
    item_id: catalog.ids[item],
    title: catalog.titles[item],
    ...rest,
  }));
  if (options.json !== undefined) await writeJsonAtomically(options.json, { given, recommendations });
  if (given.length > 0) output.out(`given: ${given.map(({ title }) => title).join("; ")}\n\n`);
  const rows = recommendations.map((one) => [
    `${one.rank}`,
    one.title,
    one.item_id,
    one.score.toFixed(4),
    one.probability === null ? "–" : one.probability.toFixed(4),
  ]);
  output.out(`${terminalTable(["rank", "title", "item", "score", "probability"], rows)}\n`);
  if (histories !== "new" && lists.probabilities === undefined)
    output.note(`${run.summary.agent} serves a fixed list: no probabilities`);
  if (recommendations.length === 0) output.note(nothingLeft(run));
}

interface Given {
  readonly item_id: string;
  readonly title: string;
}

/** Whom a list is for: what they took, or that nothing is known of them. */
function requestOf(
  run: OpenRun,
  options: Options,
  output: Output,
): { readonly histories: Histories | "new"; readonly given: readonly Given[] } {
  const { interactions, catalog } = run.dataset;
  const { user: id, items } = options;
  if (id !== undefined) {
    const user = interactions.userIds.indexOf(id);
    if (user >= 0 && items !== undefined)
      throw new InputError(`--items: user "${id}" is in the log, and has a history`, {
        expected: "--items for somebody new, or --user alone",
      });
    if (user >= 0)
      return {
        histories: historiesOf(interactions, allRows(run), { users: Int32Array.of(user) }),
        given: [],
      };
    if (options.strict === true)
      throw new InputError(`--user: no user "${id}" in ${run.dataset.label}`, {
        expected: `an id such as ${interactions.userIds.slice(0, 3).join(", ")}, or no --strict`,
      });
    output.note(
      `user "${id}" is not in ${run.dataset.label}: ${items === undefined ? "the list is what is popular now" : "the list goes by --items alone"}`,
    );
    if (items === undefined) return { histories: "new", given: [] };
  }
  const rows =
    items !== undefined
      ? items
          .split(";")
          .filter((text) => text.trim() !== "")
          .map((text) => theItem(run, text, output))
      : randomRows(catalog.size, options.random!, options.seed);
  if (rows.length === 0)
    throw new InputError("--items: names no item", { expected: '"title or id; title or id"' });
  const distinct = [...new Set(rows)];
  return {
    histories: historiesOfLists([distinct], { weights: likedWeight(run) }),
    given: distinct.map((row) => ({ item_id: catalog.ids[row], title: catalog.titles[row] })),
  };
}

/** Why a list is empty. */
function nothingLeft({ dataset: { catalog } }: OpenRun): string {
  const gone = unavailableItems(catalog)?.size ?? 0;
  if (gone === catalog.size) return "nothing can be recommended: every item is marked as unavailable";
  return `nothing is left to recommend: every item${gone > 0 ? " that is available" : ""} is in the history`;
}

function theItem(run: OpenRun, text: string, output: Output): number {
  const { catalog } = run.dataset;
  const found = findItem(catalog, text);
  if (found.rows.length === 1) {
    const row = found.rows[0];
    if (!found.exact) output.note(`"${text.trim()}" is taken for ${catalog.titles[row]}`);
    return row;
  }
  if (found.rows.length === 0)
    throw new InputError(`--items: nothing is called "${text.trim()}"`, {
      expected: "a title or an id of the catalogue",
    });
  const shown = found.rows.slice(0, 8).map((row) => `  id:${catalog.ids[row]}  ${catalog.titles[row]}`);
  const more = found.rows.length > 8 ? `\n  and ${found.rows.length - 8} more` : "";
  throw new InputError(
    `--items: "${text.trim()}" may mean any of\n${shown.join("\n")}${more}\nsay which by its id`,
  );
}

function randomRows(size: number, count: number, seed: number): number[] {
  if (count >= size)
    throw new InputError(`--random: there are ${size} items`, { expected: `fewer than ${size}` });
  const order = shuffle(
    Int32Array.from({ length: size }, (_, row) => row),
    random(seed).fork("random items"),
  );
  return [...order.slice(0, count)];
}

/** What liking weighs in this log: the largest weight in it. */
function likedWeight({ dataset: { interactions } }: OpenRun): number {
  let largest = 0;
  for (const weight of interactions.weights) largest = Math.max(largest, weight);
  return largest;
}

async function toMany(run: OpenRun, options: Options, output: Output): Promise<void> {
  const { label, interactions } = run.dataset;
  const asked = await readUserIds(options.users!, interactions.userIds, options);
  const { size, unknown, firstUnknown } = asked;
  try {
    if (unknown > 0)
      output.note(
        `${unknown} of ${size} users are not in ${label} (${firstUnknown.join(", ")}${unknown > firstUnknown.length ? ", ..." : ""}): their list is what is popular now`,
      );
    const { empty } = await writeBatchLists(run, asked, { ...options, k: options.k ?? 10 }, output);
    if (options.out !== undefined) output.note(`${size - empty} lists in ${options.out}`);
    if (empty > 0) output.note(`${empty} users get no list: ${nothingLeft(run)}`);
  } finally {
    asked.close();
  }
}

function allRows({ dataset: { interactions } }: OpenRun): Int32Array {
  return Int32Array.from({ length: interactions.size }, (_, row) => row);
}

if (require.main === module) exitWith(runCommand("recommend", describeRecommend, process.argv.slice(2)));

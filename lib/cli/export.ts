import { join } from "node:path";
import type { Command } from "commander";
import { InputError } from "../data/inputError";
import { openRun } from "../runs/openRun";
import { readFinished } from "../runs/runFolder";
import { exportable, requireExportable } from "../serving/export/takeRun";
import { requireFree, siteOf, writeSite } from "../serving/export/writeSite";
import { exitWith, runCommand } from "./frame";
import { wholeNumber } from "./options";
import type { Output } from "./output";

interface Options {
  readonly run: string;
  readonly out: string;
  readonly most: number;
}

const megabyte = 1e6;

/** `npm run export`: a run as a static page that recommends in the reader's own browser. */
export function describeExport(command: Command, output: Output): void {
  command
    .description(
      `Writes a page that recommends from a run in the reader's own browser, without a server: open its index.html, or put the folder on any static host. It holds the catalogue, the models and links between items, and nothing of the readers in the log. Takes ${exportable}.`,
    )
    .requiredOption("--run <folder>", "a run folder, as npm run train makes")
    .requiredOption("--out <folder>", "where the page is written: a new folder, or an earlier page's")
    .option("--most <megabytes>", "the largest page that is written", wholeNumber(1), 150)
    .action(async ({ run: folder, out, most }: Options) => {
      requireExportable(await readFinished(folder));
      await requireFree(out);
      const run = await openRun(folder);
      try {
        const site = await siteOf(run);
        const total = [...site.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0) / megabyte;
        if (total > most)
          throw new InputError(`its page would have ${total.toFixed(0)} MB`, {
            file: folder,
            expected: `at most ${most} MB, or --most ${Math.ceil(total)}`,
          });
        const sizes = await writeSite(site, out);
        for (const [name, bytes] of sizes)
          output.out(`${(bytes / megabyte).toFixed(2).padStart(8)} MB  ${name}\n`);
        output.out(`${total.toFixed(2).padStart(8)} MB  in all\n`);
        output.note(`open ${join(out, "index.html")} in a browser, or put the folder on any static host`);
      } finally {
        run.dispose();
      }
    });
}

if (require.main === module) exitWith(runCommand("export", describeExport, process.argv.slice(2)));

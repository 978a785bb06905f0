import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Notebooks that show what the runner catches: all but the first two must fail. */
export const controls = {
  good: [
    'import { cellProgress, histogram, plot, show } from "./lib/figures";',
    'const progress = cellProgress("counting");\nfor (let i = 1; i <= 3; i++) progress.update(i, 3);\nprogress.end();',
    'await show(plot({ marks: [histogram([1, 2, 2, 3, 3, 3])], title: "Ratings", dataset: "six invented ratings", caption: "3 is the commonest." }), "control-ratings");',
    'console.log("at", process.cwd());',
    "const seven = 7;",
    'if (JSON.stringify({ seven }) !== \'{"seven":7}\') throw new Error("a variable of another cell is lost in shorthand");',
  ],
  unended: [
    'import { cellProgress } from "./lib/figures";\ncellProgress("<counting>").update(1, 3, "half way");',
  ],
  throws: ["const before = 1;", 'throw new Error("thrown on purpose");', 'console.log("never reached");'],
  mistyped: ['const count: number = "three";'],
  late: ['setTimeout(() => { void Promise.reject(new Error("nobody waits for this")); }, 400);\nvoid 0'],
} as const;

/** Writes a notebook of these code cells under a heading; returns its path. */
export function writeNotebook(folder: string, name: string, sources: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    execution_count: null,
    id: `cell-${i + 2}`,
    metadata: {},
    outputs: [],
    source,
  }));
  const heading = { cell_type: "markdown", id: "cell-1", metadata: {}, source: `# Control: ${name}` };
  const kernelspec = { name: "offshelf", display_name: "offshelf (TypeScript)", language: "typescript" };
  const notebook = { cells: [heading, ...cells], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  const file = join(folder, `${name}.ipynb`);
  writeFileSync(file, `${JSON.stringify(notebook, null, 1)}\n`);
  return file;
}

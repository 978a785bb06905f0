/**
 * One number per thing: what the book says in several places, and where. Notebooks are named by their number, other files by
 * their path; the first group of the expression is the number (or name). Add a place wherever a number is repeated, and a
 * thing wherever a number is told that a reader will meet again.
 */
export interface Headline {
  readonly thing: string;
  readonly places: readonly (readonly [file: string, says: RegExp])[];
}

const studies = "lib/studies/README.md";
const gallery = "figures/README.md";
const front = "README.md";

/** A row of a Markdown table, by the name of its method. */
const row = (name: string): RegExp => new RegExp(`^\\| \\**${name}\\** \\| (\\S+) \\|`, "gm");
/** A row of a table below a cell, by the name of its method; seeds may stand between. */
const line = (name: string): RegExp => new RegExp(`^${name} {2,}(?:\\d {2,})?(\\.\\d{4}|0\\.\\d{4}) `, "gm");

const label = /goodbooks-10k, a sample \((.+? readers, .+? ratings)\)/gi;

export const headlines: readonly Headline[] = [
  {
    thing: "the sample of goodbooks",
    places: [
      [studies, label],
      ["1", label],
      ["4", label],
      ["5", label],
      ["15", label],
    ],
  },
  {
    thing: "test readers",
    places: [
      [front, /([\d,]+) test readers/g],
      [studies, /full catalogue ranked; ([\d,]+) test readers/g],
      [gallery, /^([\d,]+) of 2,672 readers have ratings before/gm],
      ["1", /([\d,]+) of 2,672 readers have ratings before/g],
      ["3", /Over ([\d,]+) people/g],
    ],
  },
  {
    thing: "MostPopular, NDCG@10 on test",
    places: [
      [studies, row("MostPopular")],
      ["1", /Counting the past (\S+),/g],
      ["15", line("MostPopular")],
    ],
  },
  {
    thing: "RecentPop, NDCG@10 on test",
    places: [
      [studies, row("RecentPop")],
      [front, row("most popular lately")],
      ["1", /its last 5,000 rows (\S+),/g],
      ["15", line("RecentPop")],
    ],
  },
  {
    thing: "EASE, NDCG@10 on test",
    places: [
      [studies, row("EASE")],
      ["15", line("EASE")],
    ],
  },
  {
    thing: "the best tuned baseline, NDCG@10 on test",
    places: [
      [studies, row("EASE \\+ recency \\+ RecentPop")],
      [front, row("best tuned baseline")],
      [front, line("EASE \\+ recency \\+ RecentPop")],
      ["15", line("EASE \\+ recency \\+ RecentPop")],
      [gallery, /^NDCG@10 of 11 methods; EASE \+ recency \+ RecentPop is highest with (\S+)/gm],
    ],
  },
  {
    thing: "step 0 over the next-item model alone, NDCG@10 on test",
    places: [
      ["5", /Step 0 earns (\d\.\d+)/g],
      ["15", line("next-item")],
      [front, line("next-item")],
    ],
  },
  {
    thing: "step 0 over the next-item model alone, NDCG@10 on validation",
    places: [
      ["3", /validation readers the kept weights reach NDCG@10 ([\d.]+)/g],
      ["3", /on validation ([\d.]+) becomes/g],
      ["5", /validation readers NDCG@10 went from ([\d.]+) to/g],
      ["6", /; at step 0 ([\d.]+)\. Different titles/g],
      ["7", /Validation NDCG@10 is ([\d.]+) at step 0/g],
      ["14", /^step 0 .* ([\d.]+)$/gm],
      ["15", /validation NDCG@10 \S+ \(step 0: ([\d.]+)\)/g],
      ["15", /Validation NDCG@10 at the last step: .* \(step 0: ([\d.]+)\)/g],
    ],
  },
  {
    thing: "plain DDPG after 3,000 updates, NDCG@10 on validation",
    places: [
      ["5", /NDCG@10 went from [\d.]+ to ([\d.]+)/g],
      ["7", /At the end: plain DDPG ([\d.]+),/g],
      ["14", /^plain DDPG .* ([\d.]+)$/gm],
    ],
  },
  {
    thing: "plain DDPG, different titles of 1,000 lists",
    places: [
      [studies, /within 600 updates, (\d+) after 3,000/g],
      ["5", /the number of different titles from 2591 to (\d+)/g],
      ["7", /Different titles: plain DDPG (\d+)/g],
    ],
  },
  {
    thing: "DDPG of the notebooks, NDCG@10 on validation",
    places: [
      ["5", /DDPG from [\d.]+ to ([\d.]+); DDPG, critic off/g],
      ["7", /At the end: plain DDPG [\d.]+, DDPG ([\d.]+),/g],
      ["14", /^DDPG .* ([\d.]+)$/gm],
    ],
  },
  ...["plain DDPG", "DDPG", "BCQ"].map((name) => ({
    thing: `${name} of the notebooks, NDCG@10 on test less that of step 0`,
    places: [
      ...["5", "6", "7"]
        .filter((place) => (name === "plain DDPG" ? true : name === "DDPG" ? place !== "6" : place === "7"))
        .map((place) => [place, new RegExp(`(?:: |[;,] )${name} (−\\.\\d{4})`, "g")] as const),
    ],
  })),
  {
    thing: "next-item × RecentPop, tuned on validation, NDCG@10 on test",
    places: [
      ["3", line("next-item × RecentPop")],
      ["9", line("next-item × RecentPop")],
      ["9", /as tuned ([\d.]+);/g],
    ],
  },
  {
    thing: "the supervised start with RecentPop (step 0 of the results), NDCG@10 on test",
    places: [
      [studies, row("supervised start")],
      [front, row("supervised start")],
    ],
  },
  ...["IQL", "TD3\\+BC", "DDPG", "BCQ", "TD3"].map((name) => ({
    thing: `${name.replace("\\", "")} of the results, NDCG@10 on test`,
    places: [
      [studies, row(name)],
      [front, row(name)],
    ] as const,
  })),
  {
    thing: "what DQN truly earns in readers who tire",
    places: [
      [front, /DQN earns (\d\.\d\d)/g],
      [studies, /half by chance, DQN earns (\d\.\d\d)/g],
      ["12", /^dqn {2,}(\d\.\d\d) /gm],
    ],
  },
  {
    thing: "the optimum in readers who tire",
    places: [
      [front, /of a possible (\d\.\d\d)/g],
      [studies, /to the optimum \((\d\.\d\d)\)/g],
      ["12", /^optimal {2,}(\d\.\d+) /gm],
      ["13", /the optimum (\d\.\d+)/g],
    ],
  },
  {
    thing: "the best of the moment in readers who tire",
    places: [
      [front, /the best of the moment earns (\d\.\d\d)/g],
      [studies, /of the way from greedy \((\d\.\d\d)\)/g],
      ["12", /^greedy {2,}(\d\.\d+) /gm],
      ["13", /greedy (\d\.\d+), the optimum/g],
    ],
  },
];

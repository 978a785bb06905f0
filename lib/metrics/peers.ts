/** What another implementation reaches on a task, to be shown beside one's own figures as "reference". */
export interface PeerRow {
  readonly method: string;
  readonly ndcg: number;
  readonly recall?: number;
  readonly hitRate?: number;
  readonly mrr?: number;
  readonly coverage?: number;
}

export interface PeerTable {
  readonly dataset: string;
  readonly protocol: "temporal" | "leave-one-out";
  /** What the models learned from: with refit also from validation rows. */
  readonly refit: boolean;
  readonly users: number;
  readonly k: 10;
  /** Standard error of NDCG over users. */
  readonly standardError: number;
  readonly rows: readonly PeerRow[];
}

/** Where the figures come from; goes under every table or figure that shows them. */
export const peerSource =
  "measured with independent Python implementations (NumPy, implicit, PyTorch) on the same splits";

const row = (
  method: string,
  ndcg: number,
  recall?: number,
  hitRate?: number,
  mrr?: number,
  coverage?: number,
): PeerRow => ({ method, ndcg, recall, hitRate, mrr, coverage });

/** goodbooks-10k, the sample of 2,672 readers, temporal by row order, learned from train. */
const goodbooksTemporal: PeerTable = {
  dataset: "goodbooks",
  protocol: "temporal",
  refit: false,
  users: 1331,
  k: 10,
  standardError: 0.004,
  rows: [
    row("Random", 0.0017, 0.0011, 0.014, 0.005, 0.74),
    row("MostPopular", 0.031, 0.019, 0.111, 0.049, 0.004),
    row("RecentPop", 0.071, 0.054, 0.299, 0.155, 0.003),
    row("ItemKNN", 0.045, 0.026, 0.195, 0.087, 0.18),
    row("ItemKNN + recency", 0.069, 0.051, 0.283, 0.136, 0.32),
    row("EASE", 0.051, 0.034, 0.265, 0.108, 0.15),
    row("EASE + recency", 0.065, 0.045, 0.281, 0.133, 0.21),
    row("Sequence rules", 0.067, 0.046, 0.295, 0.139, 0.3),
    row("EASE + recency + RecentPop", 0.08, 0.061, 0.334, 0.17, 0.08),
    row("BPR", 0.027, 0.019, 0.167, 0.063, 0.32),
    row("iALS 64", 0.04, 0.026, 0.216, 0.083, 0.13),
    row("iALS 256", 0.049, 0.032, 0.245, 0.1, 0.12),
    row("SASRec", 0.05, 0.038, 0.242, 0.108, 0.28),
    row("GRU4Rec", 0.054, 0.04, 0.259, 0.115, 0.2),
    row("GRU4Rec × RecentPop", 0.072, 0.052, 0.321, 0.161, 0.07),
    row("DDPG, sign repaired", 0.01, 0.006, 0.067, 0.026, 0.002),
    row("DDPG with behaviour cloning", 0.031, 0.016, 0.104, 0.052, 0.003),
    row("Behaviour cloning", 0.045, 0.036, 0.215, 0.09, 0.15),
  ],
};

/** The same, refitted on train and validation: a mode of its own, never in one column with the other. */
const goodbooksTemporalRefit: PeerTable = {
  ...goodbooksTemporal,
  refit: true,
  rows: [
    row("MostPopular", 0.031),
    row("RecentPop", 0.051),
    row("ItemKNN", 0.047),
    row("ItemKNN + recency", 0.077),
    row("EASE", 0.051),
    row("EASE + recency", 0.076),
    row("Sequence rules", 0.084),
    row("EASE + recency + RecentPop", 0.08),
  ],
};

const goodbooksLeaveOneOut: PeerTable = {
  dataset: "goodbooks",
  protocol: "leave-one-out",
  refit: false,
  users: 2672,
  k: 10,
  standardError: 0.0055,
  rows: [
    row("Random", 0.0005, 0.001, 0.001),
    row("MostPopular", 0.008, 0.017, 0.017),
    row("RecentPop", 0.029, 0.055, 0.055),
    row("ItemKNN", 0.024, 0.047, 0.047),
    row("ItemKNN + recency", 0.131, 0.177, 0.177),
    row("EASE", 0.031, 0.061, 0.061),
    row("EASE + recency", 0.123, 0.164, 0.164),
    row("Sequence rules", 0.13, 0.18, 0.18),
    row("iALS 64", 0.021, 0.04, 0.04),
    row("SASRec", 0.115, 0.167, 0.167),
    row("GRU4Rec", 0.096, 0.148, 0.148),
  ],
};

const movieLensLeaveOneOut: PeerTable = {
  dataset: "ml-100k",
  protocol: "leave-one-out",
  refit: false,
  users: 943,
  k: 10,
  standardError: 0.007,
  rows: [
    row("Random", 0.003, 0.007, 0.007, undefined, 0.995),
    row("MostPopular", 0.043, 0.084, 0.084, undefined, 0.05),
    row("RecentPop", 0.047, 0.089, 0.089, undefined, 0.07),
    row("ItemKNN", 0.056, 0.108, 0.108, undefined, 0.14),
    row("ItemKNN + recency", 0.107, 0.196, 0.196, undefined, 0.51),
    row("EASE", 0.071, 0.143, 0.143, undefined, 0.33),
    row("EASE + recency", 0.095, 0.177, 0.177, undefined, 0.37),
    row("BPR", 0.059, 0.111, 0.111, undefined, 0.56),
    row("iALS 64", 0.074, 0.142, 0.142, undefined, 0.31),
    row("SASRec", 0.107, 0.2, 0.2, undefined, 0.55),
    row("GRU4Rec", 0.113, 0.215, 0.215, undefined, 0.43),
    row("DDPG, sign repaired", 0.011, 0.023, 0.023, undefined, 0.04),
    row("DDPG with behaviour cloning", 0.022, 0.039, 0.039, undefined, 0.12),
    row("Behaviour cloning", 0.056, 0.115, 0.115, undefined, 0.25),
  ],
};

/** Evaluated on 57 users who also had a train row, where the rule of `taskOf` gives more: nothing follows from it. */
const movieLensTemporal: PeerTable = {
  dataset: "ml-100k",
  protocol: "temporal",
  refit: false,
  users: 57,
  k: 10,
  standardError: 0.035,
  rows: [
    row("MostPopular", 0.124),
    row("RecentPop", 0.251),
    row("ItemKNN + recency", 0.166),
    row("EASE", 0.151),
    row("EASE + recency", 0.191),
    row("iALS 64", 0.18),
    row("SASRec", 0.144),
    row("GRU4Rec", 0.153),
    row("DDPG with behaviour cloning", 0.089),
  ],
};

export const peerTables: readonly PeerTable[] = [
  goodbooksTemporal,
  goodbooksTemporalRefit,
  goodbooksLeaveOneOut,
  movieLensLeaveOneOut,
  movieLensTemporal,
];

/**
 * The reference table of a dataset, where there is one.
 *
 * @example peerTable("goodbooks", "temporal")!.rows.find((row) => row.method === "EASE")!.ndcg // .051
 */
export function peerTable(
  dataset: string,
  protocol: PeerTable["protocol"],
  options: { readonly refit?: boolean } = {},
): PeerTable | undefined {
  const refit = options.refit === true;
  return peerTables.find(
    (table) => table.dataset === dataset && table.protocol === protocol && table.refit === refit,
  );
}

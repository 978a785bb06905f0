import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { cachedArrays } from "../data/cachedArrays";
import { fingerprint } from "../data/fingerprint";
import { normaliseRows } from "../math/vectors";
import { type WordPiece, wordPiece } from "./wordPiece";

/** Raise it when texts are turned into vectors in another way, so that kept ones are not taken for new ones. */
const version = 1;

/** Numbers in a text's vector: the width of all-MiniLM-L6-v2. */
export const textWidth = 384;

/** Padded tokens that the model reads at once. */
const tokensAtOnce = 4096;

export interface TextOptions {
  /** The project's folder; the encoder lies in its data/cache/text. By default the working directory. */
  readonly root?: string;
  /** Hears how many texts are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What is used of onnxruntime-node: it is an optional install, so its own types may be absent. */
interface Runtime {
  readonly InferenceSession: { create(file: string, options: object): Promise<Session> };
  readonly Tensor: new (type: "int64", values: BigInt64Array, shape: readonly number[]) => object;
}
interface Session {
  run(inputs: Readonly<Record<string, object>>): Promise<Record<string, { readonly data: Float32Array }>>;
  release(): Promise<void>;
}

/** Whether the optional text encoder is there. */
export function hasTextEncoder(root = process.cwd()): boolean {
  return existsSync(join(root, "data", "cache", "text", ".offshelf.json"));
}

/**
 * Texts as vectors of length 1: all-MiniLM-L6-v2 (sentence-transformers; Reimers and Gurevych 2019, Wang et al.
 * 2020) with int8 weights. A text's vector is the mean of its tokens' last states, padding left out. Near vectors
 * mean near in meaning. Texts are cut after 128 tokens.
 *
 * Made once for everybody: kept in data/cache under a hash of the texts.
 *
 * @returns [texts × 384]
 * @throws when the optional install is missing: `npm run setup -- --text` brings it.
 * @example const vectors = await textEmbeddings(["The Hobbit", "The Lord of the Rings"]); // cosine .66
 */
export async function textEmbeddings(
  texts: readonly string[],
  options: TextOptions = {},
): Promise<Float32Array> {
  const { root = process.cwd() } = options;
  const path = join(root, "data", "cache", `text-${fingerprint([version, texts])}.arrays`);
  const { vectors } = await cachedArrays(path, async () => ({
    vectors: await embed(texts, root, options.onProgress),
  }));
  return vectors;
}

/** Longest texts first, in batches of about equal work; equal lengths together, so that little is padded. */
async function embed(
  texts: readonly string[],
  root: string,
  onProgress: TextOptions["onProgress"],
): Promise<Float32Array> {
  const { runtime, session, tokens } = await loadEncoder(root);
  try {
    const encoded = texts.map((text) => tokens.encode(text));
    const order = [...encoded.keys()].sort((a, b) => encoded[b].length - encoded[a].length || a - b);
    const result = new Float32Array(texts.length * textWidth);
    for (let start = 0; start < order.length; ) {
      const longest = encoded[order[start]].length;
      const rows = order.slice(start, start + Math.max(1, Math.floor(tokensAtOnce / longest)));
      const pooled = await pooledStates(
        runtime,
        session,
        rows.map((row) => encoded[row]),
      );
      for (const [place, row] of rows.entries())
        result.set(pooled.subarray(place * textWidth, (place + 1) * textWidth), row * textWidth);
      start += rows.length;
      onProgress?.(start, order.length);
    }
    return normaliseRows(result, textWidth);
  } finally {
    await session.release();
  }
}

async function loadEncoder(root: string): Promise<{ runtime: Runtime; session: Session; tokens: WordPiece }> {
  if (!hasTextEncoder(root))
    throw new Error("textEmbeddings requires the optional text encoder: run `npm run setup -- --text` once");
  const home = resolve(root, "data", "cache", "text");
  const runtime = createRequire(join(home, "package.json"))("onnxruntime-node") as Runtime;
  // Threads that wait for work by spinning take the cores from whatever else runs.
  const patient = { extra: { session: { intra_op: { allow_spinning: "0" } } } };
  const session = await runtime.InferenceSession.create(join(home, "model.onnx"), patient);
  const words = (await readFile(join(home, "vocab.txt"), "utf8")).trimEnd().split("\n");
  return { runtime, session, tokens: wordPiece(words) };
}

/** [texts × 384]: the mean of the last states over each text's own tokens. */
async function pooledStates(
  { Tensor }: Runtime,
  session: Session,
  encoded: readonly (readonly number[])[],
): Promise<Float32Array> {
  const longest = Math.max(...encoded.map((ids) => ids.length));
  const shape = [encoded.length, longest];
  const [ids, mask] = [new BigInt64Array(shape[0] * longest), new BigInt64Array(shape[0] * longest)];
  for (const [text, row] of encoded.entries())
    for (const [place, id] of row.entries()) {
      ids[text * longest + place] = BigInt(id);
      mask[text * longest + place] = 1n;
    }
  const output = await session.run({
    input_ids: new Tensor("int64", ids, shape),
    attention_mask: new Tensor("int64", mask, shape),
    token_type_ids: new Tensor("int64", new BigInt64Array(ids.length), shape),
  });
  const states = output.last_hidden_state.data;
  const pooled = new Float32Array(encoded.length * textWidth);
  for (const [text, { length }] of encoded.entries())
    for (let place = 0; place < length; place++) {
      const from = (text * longest + place) * textWidth;
      for (let i = 0; i < textWidth; i++) pooled[text * textWidth + i] += states[from + i] / length;
    }
  return pooled;
}

import { random } from "../../math/random";
import { tf } from "../../tensors/tf";
import { startPage } from "../page/client/startPage";
import type { PageBackend } from "../page/protocol";
import { localBackend } from "./localBackend";
import { useFiles } from "./shippedArrays";
import { readPopularLists } from "./shippedPopular";
import { shippedRun } from "./shippedRun";
import { bytesOfBase64, type PackedFile, unpacked } from "./unpack";

/** What the page's other scripts leave behind: the table of what is packed, and the pieces of the data. */
interface Left {
  offshelfRun?: { readonly files: readonly PackedFile[]; readonly pieces: number };
  offshelfPieces?: string[];
  /** For whoever wants to ask from the console or a script of theirs. */
  offshelf?: Promise<PageBackend>;
}

async function opened(left: Left): Promise<PageBackend> {
  const { offshelfRun: table, offshelfPieces: pieces = [] } = left;
  if (table === undefined) throw new Error("run.js is missing beside index.html");
  for (let piece = 0; piece < table.pieces; piece++)
    if (pieces[piece] === undefined) throw new Error(`data-${piece + 1}.js is missing beside index.html`);
  await tf().setBackend("cpu");
  useFiles(unpacked(table.files, bytesOfBase64(pieces)));
  left.offshelfPieces = [];
  await readPopularLists();
  const seeds = crypto.getRandomValues(new Uint32Array(1))[0];
  const draws = random(seeds);
  return localBackend(await shippedRun(), () => draws.integer(2 ** 31));
}

const left = globalThis as Left;
left.offshelf = opened(left);
startPage(left.offshelf);

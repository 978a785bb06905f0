import { createHash } from "node:crypto";
import { join } from "node:path";
import { sourceOf } from "./replaced.fixture";

/** For tests of the bundle: what a page finds that uses Node's modules, and a file that another stands for. */
Object.assign(globalThis, {
  joined: join("a", "b"),
  hash: () => createHash("sha256"),
  source: sourceOf(),
});

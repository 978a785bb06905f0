import type { DatasetOptions } from "./datasets";
import { findFolder } from "./findFolder";
import { type OpenBanditChoice, type OpenBanditLog, readOpenBandit } from "./openBandit";
import { openBanditSource } from "./sources";

/**
 * Loads one log of the Open Bandit Dataset: from data/raw/open-bandit, else $OFFSHELF_DATA/open-bandit, else its
 * official source (the small sample, once, checksums kept), else the copy inside a Python wheel.
 *
 * @throws InputError when it cannot be had anywhere (the message says what was tried), or is broken.
 * @example (await loadOpenBandit({ policy: "bts", campaign: "men" })).size // 10000
 */
export async function loadOpenBandit(
  choice: OpenBanditChoice,
  options: Pick<DatasetOptions, "root" | "download" | "onNotice"> = {},
): Promise<OpenBanditLog> {
  const onNotice = options.onNotice ?? ((notice) => process.stderr.write(`${notice}\n`));
  return readOpenBandit(await findFolder(openBanditSource, { ...options, onNotice }), choice);
}

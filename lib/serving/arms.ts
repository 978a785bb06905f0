import { createHash } from "node:crypto";
import { basename, dirname, resolve } from "node:path";
import { InputError } from "../data/inputError";
import { random } from "../math/random";
import type { Engine } from "./engine/engine";

/** A policy that is served to a share of the users. */
export interface Arm {
  /** The base name of its run folder, made distinct. */
  readonly name: string;
  readonly folder: string;
  /** Percent of the users. */
  readonly share: number;
  readonly engine: Engine;
}

/** Names of run folders: their base names; where two are alike, with as many parents as tell them apart. */
export function armNames(folders: readonly string[]): string[] {
  const all = folders.map((folder) => resolve(folder));
  const named = all.map((folder) => {
    let [name, rest] = [basename(folder), dirname(folder)];
    const isAlike = (): boolean =>
      all.some((other) => other !== folder && (other === name || other.endsWith(`/${name}`)));
    while (isAlike() && basename(rest) !== "") {
      name = `${basename(rest)}/${name}`;
      rest = dirname(rest);
    }
    return name;
  });
  // The same folder twice: by number.
  return named.map((name, i) => {
    const before = named.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}#${before + 1}`;
  });
}

/**
 * Shares in percent: equal ones where nobody says.
 *
 * @throws InputError when there is not one for each run, one is below 0, or they do not sum to 100.
 */
export function armShares(split: string | undefined, runs: number): number[] {
  if (split === undefined) return Array.from({ length: runs }, () => 100 / runs);
  const shares = split.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const sum = shares.reduce((total, share) => total + share, 0);
  const fits = shares.length === runs && shares.every((share) => share >= 0) && Math.abs(sum - 100) < 1e-9;
  if (!fits)
    throw new InputError(
      `--split: "${split}" does not divide the users between ${runs} run${runs === 1 ? "" : "s"}`,
      {
        expected: `${runs} percentage${runs === 1 ? "" : "s"} of at least 0 that sum to 100, such as ${runs === 2 ? "90,10" : armShares(undefined, runs).join(",")}`,
      },
    );
  return shares;
}

/** Which arm a number in [0, 1) falls on. */
export function armAt<A extends { readonly share: number }>(arms: readonly A[], place: number): A {
  let left = 100 * place;
  for (const arm of arms) {
    left -= arm.share;
    if (left < 0) return arm;
  }
  return arms.filter(({ share }) => share > 0).at(-1) ?? arms[0];
}

/** A user's place in [0, 1): always the same for the same salt, whatever else is served. */
export function placeOfUser(userId: string, salt: string): number {
  const hash = createHash("sha256").update(`${salt}\n${userId}`).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}

/** The place of a request without a user, by its draw. */
export function placeOfDraw(draw: number): number {
  const stream = random(draw).fork("arm");
  for (let i = 0; i < 16; i++) stream.next();
  return stream.next();
}

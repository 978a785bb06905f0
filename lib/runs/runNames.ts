import { basename, dirname, resolve } from "node:path";

/**
 * Short names of run folders that tell them apart: the last part, with the parts before it where those are alike.
 *
 * @example runNames(["a/td3/1", "a/sac/1"]) // ["td3/1", "sac/1"]
 */
export function runNames(folders: readonly string[]): string[] {
  const full = folders.map((folder) => resolve(folder));
  return full.map((folder) => {
    let [name, above] = [basename(folder), dirname(folder)];
    const shared = (): boolean =>
      full.filter((other) => other === folder || other.endsWith(`/${name}`)).length > 1;
    while (shared() && dirname(above) !== above) {
      name = `${basename(above)}/${name}`;
      above = dirname(above);
    }
    return name;
  });
}

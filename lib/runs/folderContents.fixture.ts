import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every file of a run folder with its bytes, but for TensorBoard's, which hold the clock. */
export async function folderContents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1);
    if (entry.isFile() && !path.startsWith("events"))
      found.set(path, (await readFile(join(folder, path))).toString("latin1"));
  }
  return found;
}

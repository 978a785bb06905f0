import { InputError } from "./inputError";
import type { NamedArrays } from "./namedArrays";

/**
 * One of the arrays, of the kind that is wanted.
 *
 * @throws InputError naming the file where there is none of that name and kind.
 * @example arrayOf(arrays, "items", Int32Array, path)
 */
export function arrayOf<T extends NamedArrays[string]>(
  arrays: NamedArrays,
  name: string,
  kind: new (length: number) => T,
  path: string,
): T {
  const values = arrays[name];
  if (values instanceof kind) return values;
  throw new InputError(`has no array "${name}" of kind ${kind.name}`, {
    file: path,
    expected: `one of ${Object.keys(arrays).join(", ")}`,
  });
}

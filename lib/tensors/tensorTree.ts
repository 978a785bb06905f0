import { type Tensor, tf } from "./tf";

/** A tree of objects, its tensors and its fixed values apart, each under its path ("batch.states"). */
export interface Leaves {
  readonly tensors: readonly { readonly path: string; readonly tensor: Tensor }[];
  readonly fixed: readonly { readonly path: string; readonly value: Fixed }[];
}

type Fixed = number | string | boolean | null;

/** Functions, typed arrays and what is undefined are left out. */
export function leavesOf(tree: object): Leaves {
  const tensors: { path: string; tensor: Tensor }[] = [];
  const fixed: { path: string; value: Fixed }[] = [];
  const visit = (node: object, above: string): void => {
    for (const [key, value] of Object.entries(node) as [string, unknown][]) {
      const path = above === "" ? key : `${above}.${key}`;
      if (value instanceof tf().Tensor) tensors.push({ path, tensor: value });
      else if (value === null || ["number", "string", "boolean"].includes(typeof value))
        fixed.push({ path, value: value as Fixed });
      else if (typeof value === "object" && !ArrayBuffer.isView(value)) visit(value as object, path);
    }
  };
  visit(tree, "");
  return { tensors, fixed };
}

/** The tree again; lists become objects with the keys 0, 1, .... */
export function restored({ tensors, fixed }: Leaves): object {
  const tree: Record<string, unknown> = {};
  const set = (path: string, value: unknown): void => {
    const keys = path.split(".");
    let node = tree;
    for (const key of keys.slice(0, -1)) {
      node[key] ??= {};
      node = node[key] as Record<string, unknown>;
    }
    node[keys[keys.length - 1]] = value;
  };
  for (const { path, value } of fixed) set(path, value);
  for (const { path, tensor } of tensors) set(path, tensor);
  return tree;
}

/** Equal texts stand for inputs that one graph is for: the same tensors in type and shape, the same fixed values. */
export function alike({ tensors, fixed }: Leaves, isFree: (path: string) => boolean): string {
  const shapes = tensors.map(({ path, tensor: { dtype, shape } }) => {
    const sizes = isFree(path) ? ["any", ...shape.slice(1)] : shape;
    return `${path} ${dtype} [${sizes}]`;
  });
  return [...shapes, ...fixed.map(({ path, value }) => `${path} ${JSON.stringify(value)}`)].join("; ");
}

/**
 * Inputs to write a step down with: the first with the given numbers, the second with others, their rows in turned
 * order and halved where they are floats. Where any number of rows will do there are 2 and then 3 of zeros: what was
 * computed from that number is then seen to differ.
 */
export function example(
  { tensors, fixed }: Leaves,
  isFree: (path: string) => boolean,
  which: number,
): Leaves {
  return {
    fixed,
    tensors: tensors.map(({ path, tensor }) => {
      if (isFree(path)) {
        const shape = [2 + which, ...tensor.shape.slice(1)];
        return { path, tensor: tf().zeros(shape, tensor.dtype as "float32") };
      }
      const own = tf().tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype);
      if (which === 0) return { path, tensor: own };
      const turned = tensor.rank > 0 ? tf().reverse(own, 0) : own;
      return { path, tensor: tensor.dtype === "float32" ? turned.div(2) : turned };
    }),
  };
}

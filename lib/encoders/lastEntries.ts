import { type Tensor, type Tensor3D, tf } from "../tensors/tf";

/**
 * Beside each step the ones before it: [x_t, x_{t−d}, x_{t−2d} …], `count` of them, newest first, zeros before
 * the start. The input of a causal convolution with dilation d, or a window of the last entries with d = 1.
 *
 * @param x [B, T, C]
 * @param past [B, (count − 1)·d, C], what came before x; zeros when absent
 * @returns rows [B, T, count·C], and the past [B, (count − 1)·d, C] for what comes after
 */
export function lastEntries(
  x: Tensor3D,
  { count, dilation = 1, past }: { count: number; dilation?: number; past?: Tensor },
): { readonly rows: Tensor3D; readonly past: Tensor3D } {
  const [size, steps, width] = x.shape;
  const reach = (count - 1) * dilation;
  const before = past ?? tf().zeros([size, reach, width]);
  const all = reach === 0 ? x : (tf().concat([before, x], 1) as Tensor3D);
  const taps = Array.from({ length: count }, (_, i) =>
    all.slice([0, reach - i * dilation, 0], [size, steps, width]),
  );
  return {
    rows: tf().concat(taps, 2) as Tensor3D,
    past: all.slice([0, steps, 0], [size, reach, width]),
  };
}

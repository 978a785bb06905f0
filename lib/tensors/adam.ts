import { fusedOp, fusedOpsAvailable } from "./fusedOps";
import { onCall, perCall } from "./perCall";
import { type Scalar, type Tensor, tf, type Variable } from "./tf";

export interface AdamConfig {
  /** Length of a step, above 0; .001 in the paper. */
  readonly learningRate: number;
  /** Decay of the mean of gradients, [0, 1). .9 by default. */
  readonly momentDecay?: number;
  /** Decay of the mean of squared gradients, [0, 1). .999 by default. */
  readonly squareDecay?: number;
  /** Keeps the division finite, above 0. 1e-8 by default. */
  readonly epsilon?: number;
}

/** What an optimiser has learned beside the variables; enough to go on as if it had never stopped. */
export interface OptimizerState {
  readonly steps: number;
  /** Two arrays a variable: the means of gradients and of squared gradients. */
  readonly moments: readonly Float32Array[];
}

export interface Optimizer {
  readonly variables: readonly Variable[];
  /** What it keeps in variables beside them; they belong to the state of a compiled step. */
  readonly own: readonly Variable[];
  /** One step; gradients in the order of the variables. */
  apply(gradients: readonly Tensor[]): void;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  dispose(): void;
}

/** The two means of one variable, and the way a step changes them and the variable. */
interface Moments {
  /** where they are variables */
  readonly variables: readonly Variable[];
  step(gradient: Tensor, rate: Rate): void;
  read(): Tensor[];
  write(values: readonly Tensor[]): void;
  dispose(): void;
}

/** The scalars of one step; decay powers are β₁ᵗ and β₂ᵗ. */
interface Rate {
  readonly momentPower: Scalar;
  readonly squarePower: Scalar;
  readonly learningRate: Scalar;
  readonly momentDecay: Scalar;
  readonly squareDecay: Scalar;
  readonly epsilon: Scalar;
}

/**
 * Adam (Kingma and Ba 2015), in the form at the end of their section 2 ("ε hat"):
 * m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − α·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε).
 *
 * One fused operation a variable where TensorFlow allows, else the same equation in small ones.
 *
 * @throws when there is no variable, or a setting lies outside its range.
 * @example the first step moves every weight by learningRate against its gradient's sign
 */
export function adam(variables: readonly Variable[], config: AdamConfig): Optimizer {
  const { learningRate, momentDecay, squareDecay, epsilon } = adamSettings("adam", variables, config);
  const own = [...variables];
  const fused = fusedOpsAvailable();
  const moments = own.map(fused ? fusedMoments : plainMoments);
  let steps = 0;
  return {
    variables: own,
    own: moments.flatMap((moment) => moment.variables),
    apply(gradients) {
      if (gradients.length !== own.length)
        throw new Error(`adam.apply requires ${own.length} gradients, got ${gradients.length}`);
      onCall(() => void steps++);
      tf().tidy(() => {
        const scalar = (value: number): Scalar => tf().scalar(value);
        const rate: Rate = {
          momentPower: perCall(() => momentDecay ** steps),
          squarePower: perCall(() => squareDecay ** steps),
          learningRate: scalar(learningRate),
          momentDecay: scalar(momentDecay),
          squareDecay: scalar(squareDecay),
          epsilon: scalar(epsilon),
        };
        for (let i = 0; i < own.length; i++) moments[i].step(gradients[i], rate);
      });
    },
    state: () => ({
      steps,
      moments: tf().tidy(() =>
        moments.flatMap((moment) => moment.read().map((tensor) => Float32Array.from(tensor.dataSync()))),
      ),
    }),
    restore(state) {
      if (state.moments.length !== 2 * own.length)
        throw new Error(`adam.restore requires ${2 * own.length} moments, got ${state.moments.length}`);
      steps = state.steps;
      tf().tidy(() => {
        for (let i = 0; i < own.length; i++)
          moments[i].write(
            [0, 1].map((which) => tf().tensor(state.moments[2 * i + which], own[i].shape, "float32")),
          );
      });
    },
    dispose() {
      for (const moment of moments) moment.dispose();
    },
  };
}

/**
 * The settings of Adam or of one of its kin, with the paper's where none are given.
 *
 * @throws when there is no variable, or a setting lies outside its range, in the optimiser's name.
 */
export function adamSettings(
  optimizer: string,
  variables: readonly Variable[],
  { learningRate, momentDecay = 0.9, squareDecay = 0.999, epsilon = 1e-8 }: AdamConfig,
): Required<AdamConfig> {
  const fail = (wanted: string): never => {
    throw new Error(`${optimizer} requires ${wanted}`);
  };
  if (variables.length === 0) fail("a list of variables, got an empty one");
  if (!(learningRate > 0)) fail(`a learningRate above 0, got ${learningRate}`);
  for (const [name, value] of Object.entries({ momentDecay, squareDecay }))
    if (!(value >= 0 && value < 1)) fail(`a ${name} in [0, 1), got ${value}`);
  if (!(epsilon > 0)) fail(`an epsilon above 0, got ${epsilon}`);
  return { learningRate, momentDecay, squareDecay, epsilon };
}

function plainMoments(variable: Variable): Moments {
  const zeros = (): Variable => tf().tidy(() => tf().variable(tf().zeros(variable.shape), false));
  const [mean, square] = [zeros(), zeros()];
  return {
    variables: [mean, square],
    step(gradient, rate) {
      mean.assign(mean.mul(rate.momentDecay).add(gradient.mul(tf().sub(1, rate.momentDecay))));
      square.assign(square.mul(rate.squareDecay).add(gradient.square().mul(tf().sub(1, rate.squareDecay))));
      const correction = tf().sub(1, rate.squarePower).sqrt().div(tf().sub(1, rate.momentPower));
      const move = mean.mul(rate.learningRate.mul(correction)).div(square.sqrt().add(rate.epsilon));
      variable.assign(variable.sub(move));
    },
    read: () => [mean.clone(), square.clone()],
    write([newMean, newSquare]) {
      mean.assign(newMean);
      square.assign(newSquare);
    },
    dispose() {
      mean.dispose();
      square.dispose();
    },
  };
}

/**
 * TensorFlow's ResourceApplyAdam works on resource variables, which live inside TensorFlow until destroyed.
 * The variable itself stays an ordinary one: its value is lent to the resource for the step (no copy) and read
 * back, so that whoever else assigns to it (soft updates, loading) need not know.
 */
function fusedMoments(variable: Variable): Moments {
  const float = ["dtype", "type", "float32"] as const;
  const { shape } = variable;
  const names = ["value", "mean", "square"].map(
    (part) => `adam/${variable.id}/${tf().tidy(() => tf().scalar(0).id)}/${part}`,
  );
  const [value, mean, square] = names.map((name) => {
    const attributes = [
      float,
      ["shape", "shape", shape],
      ["shared_name", "string", name],
      ["container", "string", ""],
    ] as const;
    return tf().keep(fusedOp("VarHandleOp", attributes, [], 1)[0]);
  }) as [Tensor, Tensor, Tensor];
  const assign = (handle: Tensor, tensor: Tensor): void => {
    fusedOp("AssignVariableOp", [float], [handle, tensor], 0);
  };
  const readValue = (handle: Tensor): Tensor => fusedOp("ReadVariableOp", [float], [handle], 1)[0];
  tf().tidy(() => {
    assign(mean, tf().zeros(shape));
    assign(square, tf().zeros(shape));
  });
  const settings = [
    ["T", "type", "float32"],
    ["use_locking", "bool", false],
    ["use_nesterov", "bool", false],
  ] as const;
  return {
    variables: [],
    step(gradient, rate) {
      assign(value, variable);
      const scalars = [
        rate.momentPower,
        rate.squarePower,
        rate.learningRate,
        rate.momentDecay,
        rate.squareDecay,
        rate.epsilon,
      ];
      fusedOp("ResourceApplyAdam", settings, [value, mean, square, ...scalars, gradient], 0);
      variable.assign(readValue(value));
    },
    read: () => [readValue(mean), readValue(square)],
    write([newMean, newSquare]) {
      assign(mean, newMean);
      assign(square, newSquare);
    },
    dispose() {
      for (const handle of [value, mean, square]) {
        fusedOp("DestroyResourceOp", [["ignore_lookup_error", "bool", true]], [handle], 0);
        handle.dispose();
      }
    },
  };
}

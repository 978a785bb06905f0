import assert from "node:assert/strict";
import { test } from "node:test";
import { random } from "../math/random";
import { biasActivation } from "./biasActivation";
import { gaussian } from "./initialisers";
import { type Scalar, type Tensor1D, type Tensor2D, tf } from "./tf";

const x = () => tf().tensor2d(gaussian(12, 1, random(1)), [4, 3]) as Tensor2D;
const bias = () => tf().tensor1d(Float32Array.of(0.5, -0.5, 0)) as Tensor1D;
const weights = () => tf().tensor2d(gaussian(12, 1, random(2)), [4, 3]);

for (const activation of ["relu", "linear"] as const)
  test(`${activation}: value and both gradients are those of the small operations`, () => {
    const tensors = tf().memory().numTensors;
    tf().tidy(() => {
      const plain = (a: Tensor2D, b: Tensor1D): Tensor2D => {
        const sum = a.add(b) as Tensor2D;
        return activation === "relu" ? (tf().relu(sum) as Tensor2D) : sum;
      };
      const results = [biasActivation, plain].map((make) => {
        const loss = (a: Tensor2D, b: Tensor1D): Scalar =>
          make(a, b, activation).mul(weights()).sum() as Scalar;
        const { value, grads } = tf().valueAndGrads(loss as never)([x(), bias()]);
        return [make(x(), bias(), activation), value, ...grads].map((each) => [...each.dataSync()]);
      });
      assert.deepEqual(results[0], results[1]);
      assert.equal(results[0][3].length, 3);
    });
    assert.equal(tf().memory().numTensors, tensors);
  });

import assert from "node:assert/strict";
import { test } from "node:test";
import { CholeskyDecomposition, EigenvalueDecomposition, Matrix, QrDecomposition } from "ml-matrix";
import { random } from "../math/random";
import { gramOf, orthonormalise, solvePositive, symmetricEigen } from "./linearSystems";

const near = (a: number, b: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(a - b) < tolerance, `${a} and ${b}`);

test("solvePositive solves a random system and refuses an indefinite one", () => {
  const draw = random(1);
  const size = 9;
  const gram = gramOf(
    Float64Array.from({ length: 20 * size }, () => draw.normal()),
    size,
  );
  const wanted = Float64Array.from({ length: size }, () => draw.normal());
  const b = Float64Array.from(wanted.keys(), (i) =>
    wanted.reduce((sum, value, j) => sum + gram[i * size + j] * value, 0),
  );
  solvePositive(gram.slice(), b, size);
  for (let i = 0; i < size; i++) near(b[i], wanted[i]);
  assert.throws(() => solvePositive(Float64Array.of(-1), Float64Array.of(1), 1), /positive definite/);
});

test("orthonormalise gives orthonormal columns and zero for a dependent one", () => {
  const draw = random(2);
  const matrix = Float64Array.from({ length: 12 * 4 }, () => draw.normal());
  for (let row = 0; row < 12; row++) matrix[row * 4 + 2] = 2 * matrix[row * 4] - matrix[row * 4 + 1];
  orthonormalise(matrix, 4);
  const gram = gramOf(matrix, 4);
  for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) near(gram[i * 4 + j], i === j && i !== 2 ? 1 : 0);
});

test("symmetricEigen: known values, and A v = λ v", () => {
  const { values } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
  near(Math.max(...values), 3);
  near(Math.min(...values), 1);
  const draw = random(3);
  const gram = gramOf(
    Float64Array.from({ length: 30 * 7 }, () => draw.normal()),
    7,
  );
  const eigen = symmetricEigen(gram.slice(), 7);
  for (let c = 0; c < 7; c++)
    for (let i = 0; i < 7; i++) {
      let image = 0;
      for (let j = 0; j < 7; j++) image += gram[i * 7 + j] * eigen.vectors[j * 7 + c];
      near(image, eigen.values[c] * eigen.vectors[i * 7 + c], 1e-8);
    }
});

test("solutions, orthonormal columns and eigenvalues are those of ml-matrix", () => {
  const draw = random(4);
  const [rows, size] = [20, 8];
  const tall = Float64Array.from({ length: rows * size }, () => draw.normal());
  const gram = gramOf(tall, size);
  const theirs = Matrix.from1DArray(size, size, gram);
  const b = Float64Array.from({ length: size }, () => draw.normal());
  const solution = new CholeskyDecomposition(theirs).solve(Matrix.columnVector(b)).to1DArray();
  solvePositive(gram.slice(), b, size);
  for (let i = 0; i < size; i++) near(b[i], solution[i]);

  // Columns of Q are the same but for their signs.
  const q = new QrDecomposition(Matrix.from1DArray(rows, size, tall)).orthogonalMatrix.to1DArray();
  orthonormalise(tall, size);
  for (let i = 0; i < tall.length; i++) near(Math.abs(tall[i]), Math.abs(q[i]));

  const eigenvalues = new EigenvalueDecomposition(theirs, { assumeSymmetric: true }).realEigenvalues;
  const { values } = symmetricEigen(gram.slice(), size);
  for (const [i, value] of values.sort().entries()) near(value, eigenvalues[i]);
});

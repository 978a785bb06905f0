"use strict";
// Uses a native part in a process of its own (a broken one ends its process) and prints what it is.
process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
const fs = require("node:fs");
const path = require("node:path");
const util = require("node:util");
// Node 23 removed two functions that tfjs-node calls.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

function expect(found, wanted, what) {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what} gave ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
  }
}

const parts = {
  tensorflow() {
    const tf = require("@tensorflow/tfjs-node");
    const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([1, 0, 2, 1], [2, 2]));
    expect(Array.from(product.dataSync()), [5, 2, 11, 4], "a matrix product");
    const gradient = tf.grad((x) => x.square().sum())(tf.tensor1d([1, -3]));
    expect(Array.from(gradient.dataSync()), [2, -6], "a gradient");
    return { tensorflow: tf.backend().binding.TF_Version, tfjs: tf.version["tfjs-core"] };
  },
  faiss() {
    require("./fastFaiss").tryOut(require("faiss-node"));
    return { package: require("faiss-node/package.json").version };
  },
  "fast-faiss"() {
    const { addon, tryOut, version } = require("./fastFaiss");
    tryOut(require(addon));
    return { version };
  },
  "faiss-in-use"() {
    const { chooseFaiss } = require("./fastFaiss");
    return { name: chooseFaiss(() => require("faiss-node")).name };
  },
  async text() {
    const { model, runtime } = require("./text");
    const { InferenceSession, Tensor } = require(runtime);
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1 });
    const row = (...values) => new Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
    const hello = row(101, 7592, 102);
    const inputs = { input_ids: hello, attention_mask: row(1, 1, 1), token_type_ids: row(0, 0, 0) };
    const [found] = Object.values(await session.run(inputs));
    expect(found.dims, [1, 3, 384], "the sentence model");
    return { runtime: JSON.parse(fs.readFileSync(path.join(runtime, "package.json"), "utf8")).version };
  },
};

Promise.resolve(parts[process.argv[2]]()).then((found) => console.log(JSON.stringify(found)));

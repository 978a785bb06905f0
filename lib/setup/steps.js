"use strict";
// The steps of set-up: what each needs, from which inputs it is made, and what shows that it is there.
const path = require("node:path");
const fs = require("node:fs");
const apt = require("./apt");
const { unpackedProgram } = require("./browser");
const { useSystemBrowser, unpackBrowser } = require("./chromium");
const { compileFaiss } = require("./compileFaiss");
const faiss = require("./faiss");
const fastFaiss = require("./fastFaiss");
const kernel = require("./kernelspec");
const { installPackages } = require("./npmPackages");
const peers = require("./peers");
const { places, inRoot, inVenv } = require("./places");
const python = require("./python");
const { SetupProblem } = require("./runSteps");
const { fileFingerprint } = require("./stamp");
const signals = require("./signals");
const tensorboard = require("./tensorboard");
const tensorflow = require("./tensorflow");
const text = require("./text");
const { wantedSource } = require("./upstream");

const again =
  "check the network and the free disk space, then run `npm start` again: it goes on where it stopped";

/** Native parts depend on the kind of machine and on Node's binary interface. */
const machine = () => [process.platform, process.arch, process.versions.modules];

/** A native part from elsewhere than OFFSHELF_NATIVE asks for is made again. */
function fromWantedSource({ source }) {
  const wanted = wantedSource();
  return wanted === "" || source === (wanted === "build" ? "built" : "upstream");
}

/** Debian's lists are fetched at most once a run, by whichever step asks first. */
function onceOnly(action) {
  let started;
  return () => {
    started ??= action();
    return started;
  };
}

async function setUpBrowser(fetchLists) {
  const note = await useSystemBrowser();
  if (note !== undefined) return note;
  if (!fs.existsSync(unpackedProgram)) {
    if (process.platform !== "linux" || !fs.existsSync("/usr/bin/apt-get")) {
      throw new SetupProblem(
        "no browser was found",
        "install Chromium or Chrome, or name one: OFFSHELF_BROWSER=path",
      );
    }
    await fetchLists();
  }
  return unpackBrowser();
}

/** The steps that everything needs. */
function allSteps() {
  const fetchLists = onceOnly(apt.fetchLists);
  const modules = (...parts) => path.join(places.modules, ...parts);
  const linked = (details, folder) => (details.source === "built" ? [folder] : []);
  return [
    {
      name: "npm",
      title: "npm packages",
      stamp: modules(".offshelf.json"),
      inputs: () => ["1", fileFingerprint(inRoot("package-lock.json")), ...machine()],
      proof: () => [modules("typescript"), modules("tsx"), modules("tslab")],
      run: installPackages,
      todo: again,
    },
    {
      name: "python",
      title: "Python environment",
      stamp: path.join(places.venv, ".offshelf-environment.json"),
      inputs: () => ["1", places.root],
      accepts: python.isFinished,
      proof: () => [inVenv("python")],
      run: python.ensureEnvironment,
      todo: "make `python3 -m venv` work on this machine (environment.md), then run `npm start` again",
    },
    {
      name: "browser",
      title: "browser",
      stamp: places.browserRecord,
      inputs: () => ["1", places.root, process.env.OFFSHELF_BROWSER ?? "", ...machine()],
      proof: (details) => [path.resolve(places.root, details.program ?? "missing")],
      run: () => setUpBrowser(fetchLists),
      todo: "install Chromium yourself, or name a browser with OFFSHELF_BROWSER=path, then run `npm start` again",
    },
    {
      name: "tensorflow",
      title: "TensorFlow",
      needs: ["npm", "python"],
      stamp: modules("@tensorflow", "tfjs-node", ".offshelf.json"),
      inputs: () => ["1", tensorflow.version, ...machine()],
      accepts: fromWantedSource,
      proof: (details) => [tensorflow.addon, ...linked(details, tensorflow.library)],
      run: tensorflow.setUpTensorflow,
      todo: again,
    },
    {
      ...signals.step,
      name: "signals",
      title: "signals",
      needs: ["npm"],
      run: signals.setUpSignals,
      todo: again,
    },
    {
      name: "faiss",
      title: "FAISS",
      needs: ["npm"],
      stamp: modules("faiss-node", ".offshelf.json"),
      inputs: () => ["1", ...machine()],
      accepts: fromWantedSource,
      proof: (details) => [faiss.addon, ...linked(details, faiss.library)],
      run: () => faiss.setUpFaiss(fetchLists),
      todo: again,
    },
    {
      name: "jupyter",
      title: "JupyterLab",
      needs: ["python"],
      stamp: path.join(places.venv, ".offshelf-jupyter.json"),
      inputs: () => ["1", places.root, fileFingerprint(python.requirements)],
      proof: () => [inVenv("jupyter-lab")],
      run: python.installJupyter,
      todo: again,
    },
    {
      name: "kernel",
      title: "notebook kernel",
      needs: ["npm", "jupyter"],
      stamp: path.join(kernel.folder, ".offshelf.json"),
      inputs: () => ["1", places.root, process.execPath],
      proof: () => [path.join(kernel.folder, "kernel.json")],
      run: kernel.registerKernel,
      todo: again,
    },
  ];
}

/** Steps that only those who ask for them take, by the option that asks. */
function optionalSteps() {
  return {
    text: {
      name: "text",
      title: "text encoder",
      needs: ["npm", "python"],
      stamp: path.join(places.text, ".offshelf.json"),
      inputs: () => ["1", fileFingerprint(text.lockFile), ...machine()],
      proof: () => [text.runtime, text.model, text.vocabulary],
      run: text.setUpText,
      todo: "check the network and the free disk space, then run `npm run setup -- --text` again",
    },
    peers: {
      name: "peers",
      title: "peers of the bench",
      stamp: path.join(peers.home, ".offshelf.json"),
      inputs: () => ["1", places.root, fileFingerprint(peers.requirements), ...machine()],
      proof: () => [peers.python],
      run: peers.setUpPeers,
      todo: "check the network and the free disk space (2.5 GB), then run `npm run setup -- --peers` again",
    },
    tensorboard: {
      name: "tensorboard",
      title: "TensorBoard",
      stamp: path.join(tensorboard.home, ".offshelf.json"),
      inputs: () => ["1", places.root, fileFingerprint(tensorboard.requirements), ...machine()],
      proof: () => [tensorboard.python],
      run: tensorboard.setUpTensorboard,
      todo: "check the network and the free disk space, then run `npm run setup -- --tensorboard` again",
    },
    "fast-faiss": {
      ...fastFaiss.step,
      name: "fast-faiss",
      title: "fast FAISS",
      needs: ["npm", "python", "faiss"],
      run: () => compileFaiss(apt.fetchLists),
      todo: "check the network and the free disk space, then run `npm run setup -- --fast-faiss` again",
    },
  };
}

module.exports = { allSteps, optionalSteps };

"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const ts = require("typescript");
const { places } = require("./places");

/**
 * Where `!` stands behind what can never be null or undefined, and where `?: T | undefined` says the same twice.
 * Noise of that kind hides the marks that do mean something; the linter cannot see types, the compiler can.
 */
function needlessMarks(root) {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const { Any, Unknown, TypeParameter, Undefined, Null, Void } = ts.TypeFlags;
  const mayBeMissing = (type) =>
    (type.flags & (Any | Unknown | TypeParameter | Undefined | Null)) !== 0 ||
    (type.isUnion() && type.types.some(({ flags }) => (flags & (Undefined | Null | Void)) !== 0));
  const found = [];
  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || !file.fileName.startsWith(path.join(root, "lib"))) continue;
    const note = (node) => {
      const { line } = file.getLineAndCharacterOfPosition(node.end);
      found.push(`${path.relative(root, file.fileName)}:${line + 1}: ${node.getText(file).slice(0, 60)}`);
    };
    const visit = (node) => {
      if (ts.isNonNullExpression(node) && !mayBeMissing(checker.getTypeAtLocation(node.expression)))
        note(node);
      const isOptional =
        (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isParameter(node)) &&
        node.questionToken !== undefined;
      if (isOptional && node.type !== undefined && ts.isUnionTypeNode(node.type))
        if (node.type.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword)) note(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

test("no non-null mark stands where nothing can be missing", () => {
  assert.deepEqual(needlessMarks(places.root), []);
});

test("such marks are found, and those that mean something are let be", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "offshelf-marks-"));
  try {
    fs.mkdirSync(path.join(root, "lib"));
    fs.writeFileSync(
      path.join(root, "tsconfig.json"),
      '{ "compilerOptions": { "strict": true, "types": [] } }',
    );
    fs.writeFileSync(
      path.join(root, "lib", "a.ts"),
      `export const first = (list: string[], map: Map<string, number>) => [list[0]!,
  map.get("a")!];
export interface A { b?: number | undefined; c?: number; d: number | undefined }`,
    );
    assert.deepEqual(needlessMarks(root), ["lib/a.ts:1: list[0]!", "lib/a.ts:3: b?: number | undefined;"]);
  } finally {
    fs.rmSync(root, { recursive: true });
  }
});

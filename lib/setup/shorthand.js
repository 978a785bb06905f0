"use strict";
/**
 * The text of a cell with `{ data }` written out as `{ data: data }`, and `const { a: x }` as `const { "a": x }`.
 *
 * tslab 1.0.22 turns a variable of an earlier cell into a property of `exports`, but not where it stands in shorthand:
 * `train(td3, { data, model })` would compile and then fail with "data is not defined". Written out it works. And it takes
 * the name of a property for a variable where what is taken apart was made in an earlier cell: `const { a: x } = thing`
 * would fail with "Identifier 'exports' has already been declared". A name in quotes is none.
 *
 * @param typescript the TypeScript that compiles cells
 * @example written(ts, "f({ data, k: 1 })") // "f({ data: data, k: 1 })"
 */
function written(typescript, text) {
  if (!text.includes("{")) return text;
  const source = typescript.createSourceFile("cell.ts", text, typescript.ScriptTarget.ES2022, true);
  const changes = []; // [from, to, what stands there instead]
  const visit = (node) => {
    if (typescript.isBindingElement(node) && node.propertyName && typescript.isIdentifier(node.propertyName))
      changes.push([
        node.propertyName.getStart(source),
        node.propertyName.end,
        `"${node.propertyName.text}"`,
      ]);
    // With a default, `{ a = 1 } = b`, it is a pattern to assign to, which has no long form of this kind.
    if (typescript.isShorthandPropertyAssignment(node) && !node.objectAssignmentInitializer)
      changes.push([node.name.end, node.name.end, `: ${node.name.text}`]);
    typescript.forEachChild(node, visit);
  };
  visit(source);
  let out = text;
  for (const [from, to, instead] of changes.reverse())
    out = `${out.slice(0, from)}${instead}${out.slice(to)}`;
  return out;
}

/** Makes tslab's converter see cells with their shorthand written out. */
function writeShorthandOut(converter, typescript) {
  const { createConverter } = converter;
  converter.createConverter = (options) => {
    const made = createConverter(options);
    const convert = made.convert.bind(made);
    made.convert = (previous, text, ...rest) => convert(previous, written(typescript, text), ...rest);
    return made;
  };
}

module.exports = { written, writeShorthandOut };

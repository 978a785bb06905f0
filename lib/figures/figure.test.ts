import assert from "node:assert/strict";
import { test } from "node:test";
import { specJson } from "./figure";

test("typed arrays become lists, numbers keep five digits, what is no number becomes a gap", () => {
  const figure = { data: [{ y: new Float32Array([0.1, Number.NaN]), x: [123456, 1 / 3] }], layout: {} };
  assert.equal(specJson(figure), '{"data":[{"y":[0.1,null],"x":[123456,0.33333]}],"layout":{}}');
});

test("a title cannot end the script it stands in", () => {
  const text = specJson({ data: [{ text: "</script><b>" }], layout: {} });
  assert.ok(!text.includes("<"));
  assert.equal(JSON.parse(text).data[0].text, "</script><b>");
});

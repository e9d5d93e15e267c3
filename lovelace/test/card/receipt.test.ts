import { expect, test } from "vitest";
import type { Helper, Receipt } from "../../src/ha/messages.js";
import { receiptLine, receiptRows } from "../../src/ui/receipt.js";
import { translator } from "../../src/ui/translate.js";

const say = translator("en");
const helper = (name: string, more: Partial<Helper> = {}): Helper => ({
  ...{ name, detail: null, host: null, inside: true },
  ...more,
});
const RECEIPT: Receipt = {
  ...{ heard: [], thought: [], spoken: [], done: [] },
  inside: true,
  called: [],
};

test.each([
  [true, [], "stayed in this house"],
  [null, [], "may have left the house"],
  [false, ["api.example.com", "Cloud voice"], "called api.example.com, Cloud voice"],
] as const)("inside %s and called %j reads “%s”", (inside, called, text) => {
  expect(receiptLine({ ...RECEIPT, inside, called: [...called] }, say).text).toBe(text);
});

test("a model that did not answer stands before the one that did", () => {
  const first = helper("Big", { detail: "70b", host: "big.lan" });
  const rows = receiptRows({ ...RECEIPT, thought: [first, helper("Small")] }, say);
  expect(Object.fromEntries(rows)["Thought by"]).toBe("Big, 70b (big.lan) → Small");
});

test("nobody heard what was written, and written lines have a name", () => {
  const cloud = helper("Voice", { inside: false });
  const rows = receiptRows({ ...RECEIPT, thought: [helper("")], spoken: [cloud] }, say);
  expect(rows).toEqual([
    ["Heard by", "nobody, it was written"],
    ["Thought by", "written lines"],
    ["Spoken by", "Voice (in the cloud)"],
  ]);
});

import { expect, test } from "vitest";
import { TIME_SOURCES, Timeline, type TimelineDocument } from "../../src/director/timeline.js";
import type { Helper, Receipt } from "../../src/ha/messages.js";
import { lipsRows, receiptLine, receiptRows } from "../../src/ui/receipt.js";
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

const segment = (number: number, more: Partial<TimelineDocument>): TimelineDocument => ({
  ...{ v: 1, turn_id: "t", seq: number, segment: number, text: "Hi.", offset: 0 },
  audio: { start_ms: 0, duration_ms: 100 },
  visemes: [{ at_ms: 0, end_ms: 80, shape: "aa", weight: 1 }],
  ...{ words: [], cues: [], source: "exact", final: false },
  ...more,
});

test.each([
  ["exact", "by exact times from the voice"],
  ["aligned", "by times found in the sound"],
  ["estimated", "by estimated times"],
] as const)("lips of %s times read “%s”", (source, text) => {
  const last = segment(1, { source: "estimated", visemes: [], final: true });
  const timeline = Timeline.of([segment(0, { source }), last]);
  expect(lipsRows(timeline.source, say)).toEqual([["Lips", text]]);
});

test("one segment that is less sure tells for the whole reply", () => {
  const [exact, aligned, estimated] = TIME_SOURCES.map((source, at) => segment(at, { source }));
  expect(Timeline.of([exact!, aligned!]).source).toBe("aligned");
  expect(Timeline.of([estimated!, exact!]).source).toBe("estimated");
});

test("what was not spoken says nothing of lips", () => {
  expect(lipsRows(new Timeline().source, say)).toEqual([]);
});

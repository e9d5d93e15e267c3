import { expect, test } from "vitest";
import { Found, markedParts } from "../../src/panel/pages/session-search.js";
import { niceTop } from "../../src/panel/plots/bars.js";
import { pageOf } from "../../src/panel/routes.js";
import { sentenceOf } from "../../src/panel/house.js";

test("marks of a snippet count code points, so that an emoji before a word moves nothing", () => {
  const marks = [
    { start: 3, length: 3 },
    { start: 7, length: 3 },
  ];
  expect(markedParts({ text: "😊, cat cat", marks })).toEqual([
    { text: "😊, ", marked: false },
    { text: "cat", marked: true },
    { text: " ", marked: false },
    { text: "cat", marked: true },
  ]);
  expect(markedParts({ text: "plain", marks: [] })).toEqual([{ text: "plain", marked: false }]);
});

test("words search in what was said; without words the conversations are listed", async () => {
  const asked: [string, object][] = [];
  const ask = (command: string, fields: object) => {
    asked.push([command, fields]);
    return Promise.resolve({ hits: [], sessions: [], more: false });
  };
  const wanted = { words: "", character: "", archived: false, offset: 0 };
  await Found.ask(ask, wanted);
  await Found.ask(ask, { ...wanted, words: "lightho", character: "default" });
  expect(asked.map(([command]) => command)).toEqual(["session/list", "search"]);
  expect(asked[1]![1]).toMatchObject({ words: "lightho", as_typed: true, character: "default" });
});

test("a path names its page, and what is unknown is the talk", () => {
  expect(pageOf("/statistics").name).toBe("statistics");
  expect(pageOf("checks/again").name).toBe("checks");
  expect(pageOf("").name).toBe("talk");
  expect(pageOf("/nowhere").name).toBe("talk");
});

test("a refusal is said in the person's words where there are some", () => {
  const localize = (key: string) => (key.includes("memory_full") ? "Die Platte ist voll." : key);
  const hass = { localize } as never;
  expect(sentenceOf({ translation_key: "memory_full", message: "full" }, hass)).toBe(
    "Die Platte ist voll.",
  );
  expect(sentenceOf({ translation_key: "other", message: "It failed" }, hass)).toBe("It failed");
  expect(sentenceOf({ body: { message: "not allowed" } })).toBe("not allowed");
  expect(sentenceOf(3)).toBe("");
});

test("an axis ends at a round number above the highest bar", () => {
  expect([1, 3, 7, 11, 47, 99].map(niceTop)).toEqual([1, 4, 10, 20, 50, 100]);
});

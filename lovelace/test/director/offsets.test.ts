import fc from "fast-check";
import { expect, test } from "vitest";
import {
  alignOffsets,
  codePointLength,
  sliceCodePoints,
  Timeline,
  wordAt,
} from "../../src/director/index.js";
import { timeline as golden } from "../golden.js";

test("an emoji is one place of the text", () => {
  expect(codePointLength("Hi 😊 mum!")).toBe(9);
  expect(sliceCodePoints(golden.text, 5, 9)).toBe("mum!");
});

test("every word of the golden reply is found where the contract says", () => {
  const reply = Timeline.of(golden.segments);
  const words = reply.words.map(({ offset, length }) =>
    sliceCodePoints(golden.text, offset, offset + length),
  );
  expect(words).toEqual(["Hi", "mum!", "I", "turned", "on", "the", "light."]);
});

test("the word that sounds stays until the next one begins", () => {
  const reply = Timeline.of(golden.segments);
  expect(wordAt(reply, 299)?.offset).toBe(0);
  expect(wordAt(reply, 300)?.offset).toBe(5);
  expect(wordAt(reply, -1)).toBeNull();
});

test("spoken text is found in shown text behind marks and emoji", () => {
  const places = alignOffsets("*waves* **Hi** 😊 mum!", "Hi mum!");
  const shown = [..."*waves* **Hi** 😊 mum!"];
  expect(places.map((place) => shown[place]).join("")).toBe("Hi mum!");
});

test("equal texts align place by place", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      expect(alignOffsets(text, text)).toEqual([...text].map((_, place) => place));
    }),
  );
});

test("places never leave the shown text nor run back", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string(), (shown, spoken) => {
      const places = alignOffsets(shown, spoken);
      places.forEach((place, i) => {
        expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? 0);
        expect(place).toBeLessThan(codePointLength(shown));
      });
    }),
  );
});

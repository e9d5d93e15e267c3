import fc from "fast-check";
import { expect, test } from "vitest";
import { codePointLength, Timeline } from "../../src/director/index.js";
import { subtitleAt } from "../../src/ui/subtitle.js";
import { timeline } from "../golden.js";

test("the spoken word stands in its line", () => {
  const turned = Timeline.of(timeline.segments).words.find(({ offset }) => offset === 12)!;
  const { before, word, after } = subtitleAt(timeline.text, turned);
  expect(word).toBe("turned");
  expect(before + word + after).toContain("I turned on the light.");
});

test("a line is never longer than two rows of a phone, and always holds the whole word", () => {
  const words = fc.array(fc.stringMatching(/^[a-zäß😊]{1,14}[.!?]?$/u), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.nat(), (list, pick) => {
      const index = pick % list.length;
      const text = list.join(" ");
      const offset = codePointLength(
        list
          .slice(0, index)
          .map((word) => `${word} `)
          .join(""),
      );
      const length = codePointLength(list[index]!);
      const { before, word, after } = subtitleAt(text, { at_ms: 0, offset, length });
      expect(word).toBe(list[index]);
      expect(codePointLength(before + word + after)).toBeLessThanOrEqual(86);
    }),
  );
});

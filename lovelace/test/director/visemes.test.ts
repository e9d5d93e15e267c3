import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLOSURES,
  mouthOf,
  type Shape,
  SHAPES,
  Timeline,
  type TimelineDocument,
  type Viseme,
  VRM_MOUTH,
  weightsAt,
} from "../../src/director/index.js";
import { timeline as golden } from "../golden.js";

const reply = Timeline.of(golden.segments);

/** Make a timeline from shapes and lengths. */
function spoken(parts: readonly { shape: Shape; ms: number; weight: number }[]): Timeline {
  let at_ms = 0;
  const visemes: Viseme[] = parts.map(({ shape, ms, weight }) => {
    const viseme = { at_ms, end_ms: at_ms + ms, shape, weight: shape === "sil" ? 0 : weight };
    at_ms += ms;
    return viseme;
  });
  const document = { ...golden.segments[0]!, visemes, words: [], cues: [], final: true };
  return Timeline.of([{ ...document, audio: { start_ms: 0, duration_ms: at_ms } }]);
}

const parts = fc.array(
  fc.record({
    shape: fc.constantFrom(...SHAPES),
    ms: fc.integer({ min: 10, max: 300 }),
    weight: fc.double({ min: 0.3, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 25 },
);

describe("the weights of a reply", () => {
  test("never leave 0…1, and their sum never exceeds 1", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: -500, max: 5000 }), (said, at_ms) => {
        const weights = Object.values(weightsAt(spoken(said), at_ms));
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("shut the mouth fully through every p b m f v, three frames at least, but for its very edges", () => {
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (said, share) => {
        const timeline = spoken(said);
        for (const viseme of timeline.visemes.filter(({ shape }) => CLOSURES.has(shape))) {
          const length_ms = viseme.end_ms - viseme.at_ms;
          const edge_ms = Math.min(12, Math.max(0, (length_ms - 50) / 2));
          const at_ms = viseme.at_ms + edge_ms + share * (length_ms - 2 * edge_ms);
          const open = Object.values(mouthOf(weightsAt(timeline, at_ms)));
          expect(Math.max(...open)).toBeLessThan(1e-9);
        }
      }),
    );
  });

  test("show each shape of the golden reply in the middle of its sound", () => {
    for (const { at_ms, end_ms, shape } of reply.visemes) {
      const weights = weightsAt(reply, (at_ms + end_ms) / 2);
      const strongest = SHAPES.reduce((best, each) =>
        weights[each] > weights[best] ? each : best,
      );
      expect(strongest, `${shape} at ${at_ms} ms`).toBe(shape);
    }
  });

  test("move without jumps", () => {
    let before = weightsAt(reply, 0);
    for (let at_ms = 2; at_ms < 2100; at_ms += 2) {
      const now = weightsAt(reply, at_ms);
      // From shut to open takes at least one frame at 60 per second: 0.12 in 2 ms, and a little for two shapes that change at once.
      for (const shape of SHAPES) expect(Math.abs(now[shape] - before[shape])).toBeLessThan(0.13);
      before = now;
    }
  });

  test("rest before the first and after the last sound", () => {
    expect(weightsAt(reply, -400).sil).toBeCloseTo(1);
    expect(weightsAt(reply, 2600).sil).toBeCloseTo(1);
    expect(weightsAt(Timeline.of([]), 100).sil).toBe(1);
  });

  test("close for at least 50 ms, however short the sound", () => {
    const timeline = spoken([
      { shape: "aa", ms: 100, weight: 1 },
      { shape: "PP", ms: 12, weight: 1 },
      { shape: "aa", ms: 100, weight: 1 },
    ]);
    for (const at_ms of [82, 106, 130]) expect(mouthOf(weightsAt(timeline, at_ms)).aa).toBe(0);
    expect(mouthOf(weightsAt(timeline, 50)).aa).toBeGreaterThan(0.5);
  });

  test("round the lips before a rounded vowel sounds", () => {
    const before = (shape: Shape) => {
      const said = [
        { shape: "DD" as const, ms: 90, weight: 1 },
        { shape, ms: 120, weight: 1 },
      ];
      return weightsAt(spoken(said), 60)[shape];
    };
    expect(before("U")).toBeGreaterThan(before("I") * 1.3);
  });
});

describe("the five mouth shapes of VRM", () => {
  test("never add up to more than 1", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 5000 }), (said, at_ms) => {
        const mouth = mouthOf(weightsAt(spoken(said), at_ms));
        const sum = VRM_MOUTH.reduce((total, name) => total + mouth[name], 0);
        expect(sum).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  test("each answer to their own vowel most", () => {
    const own = { aa: "aa", ih: "I", ou: "U", ee: "E", oh: "O" } as const;
    for (const name of VRM_MOUTH) {
      const mouth = mouthOf(weightsAt(spoken([{ shape: own[name], ms: 200, weight: 1 }]), 100));
      expect(VRM_MOUTH.reduce((best, each) => (mouth[each] > mouth[best] ? each : best))).toBe(
        name,
      );
    }
  });
});

describe("a timeline", () => {
  test("is the same in whatever order its segments come", () => {
    const backwards = Timeline.of([...golden.segments].reverse());
    expect(backwards.visemes).toEqual(reply.visemes);
    expect(backwards.text).toBe(golden.text);
    expect(backwards.complete).toBe(true);
  });

  test("takes a segment once that comes twice", () => {
    const twice = Timeline.of([...golden.segments, golden.segments[0]!]);
    expect(twice.visemes).toEqual(reply.visemes);
  });

  test("is not complete while a segment is missing", () => {
    expect(Timeline.of([golden.segments[1] as TimelineDocument]).complete).toBe(false);
  });

  test("mouths nothing behind a cut", () => {
    const cut = reply.cutAt(470);
    expect(weightsAt(cut, 440).aa).toBeGreaterThan(0.5);
    expect(mouthOf(weightsAt(cut, 570)).aa).toBeLessThan(0.1);
    expect(weightsAt(cut, 900).sil).toBeCloseTo(1);
  });
});

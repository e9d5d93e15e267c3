import { describe, expect, test } from "vitest";
import {
  type Activity,
  type Cue,
  Director,
  EMOTIONS,
  feelingsAt,
  IDLES,
  type Pose,
  type Quaternion,
  spokenPose,
  Timeline,
  weightsAt,
} from "../../src/director/index.js";
import { GESTURES } from "../../src/director/gestures/index.js";
import { Acts } from "../../src/director/acts.js";
import { seeded } from "../../src/director/random.js";
import { timeline as golden } from "../golden.js";

const reply = Timeline.of(golden.segments);
const FRAME_MS = 1000 / 60;

/** Let a director run for a while and keep every pose. */
function live(activity: Activity, seconds: number, timeline: Timeline | null = null, calm = false) {
  const director = new Director(7);
  const poses: Pose[] = [];
  for (let now_ms = 0; now_ms < seconds * 1000; now_ms += FRAME_MS)
    poses.push(
      director.frame({ now_ms, activity, timeline, audio_ms: timeline ? now_ms : null, calm }),
    );
  return poses;
}

/** Give the angle between two rotations in degrees. */
function angle(a: Quaternion, b: Quaternion): number {
  const dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return (2 * Math.acos(Math.min(1, dot)) * 180) / Math.PI;
}

/** Make the timeline of one cue. */
function cued(cue: Partial<Cue>): Timeline {
  const full = { at_ms: 0, kind: "emotion", name: "", intensity: 1, hold_ms: 0, offset: 0, ...cue };
  return Timeline.of([{ ...golden.segments[0]!, cues: [full as Cue] }]);
}

/** Count how often the lids close. */
function blinks(poses: readonly Pose[]): number {
  return poses.filter((pose, i) => pose.blink > 0.5 && (poses[i - 1]?.blink ?? 0) <= 0.5).length;
}

describe("life", () => {
  test("blinks as often as people do, more in conversation", () => {
    const rest = blinks(live("idle", 300)) / 5;
    expect(rest).toBeGreaterThan(8);
    expect(rest).toBeLessThan(30);
  });

  test("breathes and sways, but far less for those who asked for calm", () => {
    const range = (poses: Pose[]) =>
      Math.max(...poses.map((p) => angle(p.bones.hips ?? [0, 0, 0, 1], [0, 0, 0, 1])));
    expect(range(live("idle", 20))).toBeGreaterThan(0.5);
    expect(range(live("idle", 20, null, true))).toBe(0);
  });

  test("the feet stay where they are while the hips sway", () => {
    for (const { bones } of live("idle", 20)) {
      const [hips, leg] = [bones.hips!, bones.leftUpperLeg!];
      // The leg's turn undoes that of the hips, so that it stands as it stood.
      expect(angle(hips, [-leg[0], -leg[1], -leg[2], leg[3]])).toBeLessThan(0.05);
    }
  });

  test("no bone jumps from one frame to the next, through a whole reply", () => {
    const poses = live("speaking", 6, reply);
    poses.slice(1).forEach((pose, i) => {
      for (const [bone, rotation] of Object.entries(pose.bones)) {
        const before = poses[i]!.bones[bone as keyof Pose["bones"]];
        if (before) expect(angle(rotation, before), `${bone} in frame ${i}`).toBeLessThan(9);
      }
    });
  });

  test("thinks with eyes up, and looks at the person while listening", () => {
    const mean = (activity: Activity) => {
      const poses = live(activity, 60).slice(120);
      const head = poses.map(
        (pose) => -2 * (pose.bones.head?.[0] ?? 0) * 57.3 + pose.gaze.pitch_deg,
      );
      return head.reduce((sum, pitch) => sum + pitch, 0) / poses.length;
    };
    expect(mean("thinking")).toBeGreaterThan(mean("listening") + 4);
  });

  test("sleeps with closed eyes and opens them when awake again", () => {
    const director = new Director(3);
    const at = (now_ms: number, activity: Activity) =>
      director.frame({ now_ms, activity, timeline: null, audio_ms: null, calm: false }).blink;
    for (let now_ms = 0; now_ms < 4000; now_ms += 20) at(now_ms, "asleep");
    expect(at(4000, "asleep")).toBeGreaterThan(0.95);
    for (let now_ms = 4000; now_ms < 7000; now_ms += 20) at(now_ms, "idle");
    const open = [7000, 7400, 7800].map((now_ms) => at(now_ms, "idle"));
    expect(Math.min(...open)).toBeLessThan(0.05);
  });
});

describe("feelings", () => {
  test("ease in, stay while the words last, and fade", () => {
    const { cues } = reply;
    expect(feelingsAt(cues, 0).happy).toBe(0);
    expect(feelingsAt(cues, 100).happy).toBeLessThan(0.2);
    expect(feelingsAt(cues, 2000).happy).toBeCloseTo(0.7 * 0.7);
    expect(feelingsAt(cues, 4000).happy).toBeCloseTo(0.7 * 0.7);
    expect(feelingsAt(cues, 9000).happy).toBeLessThan(0.05);
  });

  test("give way to the next one without a jump", () => {
    const cues = [
      { at_ms: 0, kind: "emotion", name: "happy", intensity: 1, hold_ms: 4000, offset: 0 },
      { at_ms: 1000, kind: "emotion", name: "sad", intensity: 1, hold_ms: 4000, offset: 4 },
    ] as Cue[];
    let before = feelingsAt(cues, 0);
    for (let at_ms = 16; at_ms < 3000; at_ms += 16) {
      const now = feelingsAt(cues, at_ms);
      for (const emotion of EMOTIONS)
        expect(Math.abs(now[emotion] - before[emotion])).toBeLessThan(0.1);
      before = now;
    }
    expect(before.sad).toBeGreaterThan(0.7);
    expect(before.happy).toBeLessThan(0.02);
  });

  test("neutral ends a feeling", () => {
    const cues = [
      { at_ms: 0, kind: "emotion", name: "happy", intensity: 1, hold_ms: 9000, offset: 0 },
      { at_ms: 1000, kind: "emotion", name: "neutral", intensity: 1, hold_ms: 4000, offset: 4 },
    ] as Cue[];
    expect(feelingsAt(cues, 3000).happy).toBeLessThan(0.02);
  });

  test("know the words that the component writes", () => {
    for (const name of ["excited", "worried", "annoyed", "shy", "curious", "Happy"]) {
      const feelings = Object.values(feelingsAt(cued({ name, hold_ms: 4000 }).cues, 1500));
      expect(Math.max(...feelings), name).toBeGreaterThan(0.5);
    }
  });
});

describe("gestures", () => {
  test.each(Object.keys(GESTURES))("%s moves the body and gives it back", (name) => {
    const long_s = Math.max(5, GESTURES[name]!.duration_ms / 1000 + 0.5);
    const still = live("idle", long_s, cued({ kind: "emotion", name: "neutral" }));
    const moved = live("idle", long_s, cued({ kind: "gesture", name }));
    const far = (index: number) =>
      Math.max(
        ...Object.entries(moved[index]!.bones).map(([bone, rotation]) =>
          angle(rotation, still[index]!.bones[bone as keyof Pose["bones"]] ?? [0, 0, 0, 1]),
        ),
      );
    const distances = moved.map((_, index) => far(index));
    expect(Math.max(...distances)).toBeGreaterThan(6);
    expect(distances.at(-1)).toBeLessThan(0.1);
  });

  test("stay away where less motion is wished", () => {
    const arm = live("idle", 1, cued({ kind: "gesture", name: "wave" }), true).at(-1)!.bones;
    expect(angle(arm.rightLowerArm!, spokenPose(null, null).bones.rightLowerArm!)).toBeLessThan(1);
  });
});

describe("of her own accord", () => {
  /** Give when each idle began within so many seconds. */
  function idles(seconds: number): { name: string; at_ms: number }[] {
    const acts = new Acts(seeded(11));
    const begun: { name: string; at_ms: number }[] = [];
    const play = acts.play.bind(acts);
    acts.play = (name, at_ms) => (begun.push({ name, at_ms }), play(name, at_ms));
    for (let now_ms = 0; now_ms < seconds * 1000; now_ms += 50)
      acts.step(spokenPose(null, null), now_ms, "idle", false);
    return begun;
  }

  test("she passes the time, and no idle comes twice within 30 s", () => {
    const begun = idles(600);
    expect(begun.length).toBeGreaterThan(25);
    expect(new Set(begun.map(({ name }) => name))).toEqual(new Set(IDLES));
    for (const { name, at_ms } of begun) {
      const again = begun.find((act) => act.name === name && act.at_ms > at_ms);
      if (again) expect(again.at_ms - at_ms).toBeGreaterThan(30_000);
    }
  });

  test("she stretches when she wakes, and drops it when somebody speaks", () => {
    const director = new Director(3);
    const arm = (now_ms: number, activity: Activity) =>
      director.frame({ now_ms, activity, timeline: null, audio_ms: null, calm: false }).bones
        .rightUpperArm!;
    const still = spokenPose(null, null).bones.rightUpperArm!;
    for (let now_ms = 0; now_ms < 5000; now_ms += 16) arm(now_ms, "asleep");
    for (let now_ms = 5000; now_ms < 6500; now_ms += 16) arm(now_ms, "idle");
    expect(angle(arm(6500, "idle"), still)).toBeGreaterThan(60);
    let before = arm(6516, "listening");
    for (let now_ms = 6532; now_ms < 7100; now_ms += 16) {
      const now = arm(now_ms, "listening");
      expect(angle(now, before)).toBeLessThan(9);
      before = now;
    }
    expect(angle(before, still)).toBeLessThan(5);
  });

  test("she gapes and shuts her eyes in a yawn, but not while she speaks", () => {
    const yawning = live("idle", 2, cued({ kind: "gesture", name: "yawn" })).at(-1)!;
    expect(yawning.blink).toBeGreaterThan(0.5);
    const director = new Director(3);
    expect(director.play("yawn", 0)).toBe(true);
    expect(director.play("no such gesture", 0)).toBe(false);
    const scene = { activity: "idle", timeline: null, audio_ms: null, calm: false } as const;
    for (let now_ms = 0; now_ms < 1500; now_ms += 16) director.frame({ now_ms, ...scene });
    expect(director.frame({ now_ms: 1500, ...scene }).mouth.aa).toBeGreaterThan(0.7);
  });
});

describe("an interruption", () => {
  const cut_ms = 900;
  const spoken = Timeline.of([
    {
      ...golden.segments[0]!,
      cues: (["emotion", "gesture"] as const).map((kind) => ({
        at_ms: 0,
        kind,
        name: kind === "emotion" ? "sad" : "wave",
        intensity: 1,
        hold_ms: 9000,
        offset: 0,
      })),
    },
  ]).cutAt(cut_ms);

  test("lets feelings and gestures go with the words", () => {
    expect(feelingsAt(spoken.cues, cut_ms).sad).toBeGreaterThan(0.7);
    expect(feelingsAt(spoken.cues, cut_ms + 3500).sad).toBeLessThan(0.1);
    const still = spokenPose(null, null).bones.rightLowerArm!;
    const director = new Director(7);
    const arm = (audio_ms: number) =>
      director.frame({
        now_ms: audio_ms,
        activity: "idle",
        timeline: spoken,
        audio_ms,
        calm: false,
      }).bones.rightLowerArm!;
    expect(angle(arm(cut_ms), still)).toBeGreaterThan(60);
    expect(angle(arm(cut_ms + 450), still)).toBeLessThan(1);
  });
});

describe("one frame of a reply", () => {
  test("is the same each time, with the weights of the timeline", () => {
    const pose = spokenPose(reply, 430);
    expect(pose).toEqual(spokenPose(reply, 430));
    expect(pose.mouth).toEqual(weightsAt(reply, 430));
    expect(pose.blink).toBe(0);
  });
});

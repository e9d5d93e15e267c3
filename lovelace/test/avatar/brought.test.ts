/** What people bring is understood: animations as files, and morph targets by the names of their tools. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { AvatarError } from "../../src/avatar/errors.js";
import { loadMotion } from "../../src/avatar/motion.js";
import { channelFor } from "../../src/avatar/morphs.js";
import { spokenPose } from "../../src/director/index.js";
import { glb, PLAIN } from "./broken-files.js";

/** A second of turning hips and head, of rising, and of growing joy. */
function animation(): ArrayBuffer {
  const half = Math.SQRT1_2;
  const floats = [
    ...[0, 1],
    ...[0, 0, 0, 1, 0, half, 0, half],
    ...[0, 1, 0, 0, 1.5, 0],
    ...[0, 0, 0, 1, 0, 0],
  ];
  const values = new Uint8Array(new Float32Array(floats).buffer);
  const places = [
    { byteOffset: 0, byteLength: 8, count: 2, type: "SCALAR", min: [0], max: [1] },
    { byteOffset: 8, byteLength: 32, count: 2, type: "VEC4" },
    { byteOffset: 40, byteLength: 24, count: 2, type: "VEC3" },
    { byteOffset: 64, byteLength: 24, count: 2, type: "VEC3" },
  ];
  const channel = (node: number, path: string, sampler: number) => ({
    sampler,
    target: { node, path },
  });
  const document = {
    asset: { version: "2.0" },
    extensionsUsed: ["VRMC_vrm_animation"],
    extensions: {
      VRMC_vrm_animation: {
        specVersion: "1.0",
        humanoid: { humanBones: { hips: { node: 0 }, head: { node: 1 }, jaw: {} } },
        expressions: { preset: { happy: { node: 2 }, sad: { node: 9 } } },
      },
    },
    scene: 0,
    scenes: [{ nodes: [0, 2] }],
    nodes: [
      { name: "hips", translation: [0, 1, 0], children: [1] },
      { name: "head", translation: [0, 0.5, 0] },
      { name: "happy" },
    ],
    animations: [
      {
        samplers: [1, 2, 3].map((output) => ({ input: 0, output, interpolation: "LINEAR" })),
        channels: [
          channel(0, "rotation", 0),
          channel(1, "rotation", 0),
          channel(0, "translation", 1),
          channel(2, "translation", 2),
        ],
      },
    ],
    buffers: [{ byteLength: values.length }],
    bufferViews: places.map(({ byteOffset, byteLength }) => ({
      buffer: 0,
      byteOffset,
      byteLength,
    })),
    accessors: places.map(({ count, type, min, max }, bufferView) => ({
      bufferView,
      componentType: 5126,
      count,
      type,
      ...(min ? { min, max } : {}),
    })),
  };
  const bytes = glb(document, { bin_bytes: values.length });
  new Uint8Array(bytes).set(values, bytes.byteLength - values.length);
  return bytes;
}

/** Let the house serve a file. */
function serve(bytes: ArrayBuffer, init?: ResponseInit): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(bytes, init)));
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const load = () => loadMotion("/wave.vrma", new AbortController().signal);

describe("a brought animation", () => {
  test("moves bones, hips and feelings", async () => {
    serve(animation());
    const motion = await load();
    expect(motion.duration_ms).toBe(1000);
    const pose = spokenPose(null, null);
    motion.lay(pose, 500);
    const [x, y, z, w] = pose.bones.head!;
    expect([x, z]).toEqual([expect.closeTo(0, 5), expect.closeTo(0, 5)]);
    expect(2 * Math.atan2(y, w)).toBeCloseTo(Math.PI / 4, 2);
    // A quarter of the hips' height of one metre above where they rest.
    expect(pose.hips).toEqual([
      expect.closeTo(0, 5),
      expect.closeTo(0.25, 3),
      expect.closeTo(0, 5),
    ]);
    expect(pose.feelings.happy).toBeCloseTo(0.5, 3);
    expect(pose.feelings.sad).toBe(0);
  });

  test.each([
    ["a model without one", glb(PLAIN), {}, "broken"],
    ["a file that is gone", new ArrayBuffer(0), { status: 404 }, "not_found"],
    ["a server that fails", new ArrayBuffer(0), { status: 500 }, "unreachable"],
    [
      "a file that is too large",
      new ArrayBuffer(0),
      { headers: { "content-length": "99999999" } },
      "too_big",
    ],
  ])("of %s gets a sentence", async (_name, bytes, init, problem) => {
    serve(bytes, init);
    const failed = await load().catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(AvatarError);
    expect((failed as AvatarError).problem).toBe(problem);
  });

  test("that nobody waits for any more is given up", async () => {
    const abort = new AbortController();
    vi.stubGlobal("fetch", () => Promise.reject(new Error("no network")));
    await expect(loadMotion("/x", abort.signal)).rejects.toMatchObject({ problem: "unreachable" });
    abort.abort();
    await expect(loadMotion("/x", abort.signal)).rejects.toThrow("no network");
  });
});

describe("a morph target", () => {
  /** Let her say "ah", smile, be sad and cross, be surprised and close her eyes, all at once. */
  function pose() {
    const all = spokenPose(null, null);
    for (const shape of Object.keys(all.mouth) as (keyof typeof all.mouth)[]) all.mouth[shape] = 0;
    Object.assign(all.mouth, { aa: 1, O: 0.5, U: 0.4, PP: 0.3, FF: 0.2, I: 0.1, E: 0.1 });
    Object.assign(all.feelings, { happy: 0.9, sad: 0.7, angry: 0.6, surprised: 0.8 });
    return Object.assign(all, { blink: 1 });
  }

  test.each([
    ["mouthFunnel", 0.4],
    ["mouthPucker", 0.32],
    ["mouthClose", 0.06],
    ["mouthPressLeft", 0.18],
    ["mouthRollLower", 0.14],
    ["mouthStretchRight", 0.08],
    ["blendShape1.eyeBlinkLeft", 1],
    ["まばたき", 1],
    ["Fcl_ALL_Joy", 0.9],
    ["cheekSquintLeft", 0.63],
    ["mouthFrown_R", 0.7],
    ["browInnerUp", 0.7],
    ["Fcl_ALL_Angry", 0.6],
    ["eyeWideRight", 0.8],
    ["viseme_PP", 0.3],
    ["vrc.v_ff", 0.2],
  ])("named %s is known", (name, value) => {
    expect(channelFor(name)!(pose())).toBeCloseTo(value, 5);
  });

  test.each(["A", "あ", "Fcl_MTH_A", "mouth_aa", "jawOpen"])("named %s opens the mouth", (name) => {
    expect(channelFor(name)!(pose())).toBeGreaterThan(0.5);
  });

  test.each(["hair", "noseSneerLeft", "viseme_zz"])("named %s says nothing", (name) => {
    expect(channelFor(name)).toBeNull();
  });
});

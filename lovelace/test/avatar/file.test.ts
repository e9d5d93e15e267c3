import { describe, expect, test } from "vitest";
import { AvatarError, type AvatarProblem } from "../../src/avatar/errors.js";
import { checkModel } from "../../src/avatar/file.js";
import { BROKEN, glb, gltf, PLAIN, VRM0, VRM1 } from "./broken-files.js";
import { en } from "../../src/ui/translations/en.js";

/** Give what is wrong with a file, null where nothing is. */
function problem(bytes: ArrayBuffer): AvatarProblem | null {
  try {
    checkModel(bytes);
    return null;
  } catch (error) {
    if (error instanceof AvatarError) return error.problem;
    throw error;
  }
}

describe("a model file", () => {
  test.each(BROKEN)("that is %s gets a sentence", (_name, make, expected) => {
    expect(problem(make())).toBe(expected);
    expect(en[`avatar_${expected}`]).toMatch(/\.$/);
  });

  test.each([
    ["a plain GLB", glb(PLAIN)],
    [
      "a glTF",
      gltf(
        ` ${JSON.stringify({ ...PLAIN, buffers: [{ byteLength: 16, uri: "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAAAAAA==" }] })}`,
      ),
    ],
    ["a VRM 1.0", glb({ ...PLAIN, ...VRM1 })],
    ["a VRM 0.x", glb({ ...PLAIN, ...VRM0 })],
  ])("that is %s passes", (_name, bytes) => {
    expect(problem(bytes)).toBeNull();
  });
});

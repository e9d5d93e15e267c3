// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { noWeights, type Pose, type Shape, spokenPose } from "../../src/director/index.js";
import { FlatFace } from "../../src/ui/flat-face.js";

/** Draw a face and give how far its lips are apart in the middle. */
async function gap(shape: Shape | null, feelings: Partial<Pose["feelings"]>): Promise<number> {
  const face = new FlatFace();
  document.body.append(face);
  const pose = spokenPose(null, null);
  Object.assign(pose.feelings, feelings);
  if (shape) Object.assign(pose, { speaking: true, mouth: { ...noWeights(), [shape]: 1 } });
  face.show(pose);
  await face.updateComplete;
  const path = face.renderRoot.querySelector(".mouth")!.getAttribute("d")!;
  face.remove();
  const [upper, lower] = [...path.matchAll(/Q100 ([-\d.]+)/g)].map((match) => Number(match[1]));
  return lower! - upper!;
}

test("lips meet for m and f, whatever is felt, and open for a", async () => {
  for (const feeling of ["happy", "sad", "angry", "surprised", "relaxed"] as const) {
    for (const shape of ["PP", "FF"] as const)
      expect(await gap(shape, { [feeling]: 1 })).toBeLessThan(1.5);
    expect(await gap("aa", { [feeling]: 1 })).toBeGreaterThan(15);
  }
});

test("surprise opens a silent mouth", async () => {
  expect(await gap(null, { surprised: 1 })).toBeGreaterThan(8);
  expect(await gap(null, { sad: 1 })).toBeLessThan(1.5);
});

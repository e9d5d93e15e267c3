/** Follow replies with the director as it is written now: what was built last may be another one. */

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Give for each reply {"shapes": [name, …], "openness": [0…1, …]}, one place for each step. */
export async function followed(replies, step_ms) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("../src/director/index.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  const { mouthOf, SHAPES, Timeline, weightsAt } = await import(
    `data:text/javascript;base64,${code}`
  );
  return replies.map((documents) => {
    const timeline = Timeline.of(documents);
    const shapes = [];
    const openness = [];
    for (let at_ms = 0; at_ms < timeline.end_ms; at_ms += step_ms) {
      const weights = weightsAt(timeline, at_ms);
      shapes.push(SHAPES.reduce((best, each) => (weights[each] > weights[best] ? each : best)));
      const open = Object.values(mouthOf(weights)).reduce((sum, weight) => sum + weight, 0);
      openness.push(Number(open.toFixed(3)));
    }
    return { shapes, openness };
  });
}

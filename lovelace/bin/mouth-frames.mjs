#!/usr/bin/env node
/**
 * Give the director's mouth for many moments: standard input is {"step_ms", "replies": [[document, …], …]},
 * standard output a list of {"shapes": [name, …], "openness": [0…1, …]}, one place for each step.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = fileURLToPath(new URL("../src/director/index.ts", import.meta.url));
// The director as it is written now: what was built last may be another one.
const { outputFiles } = await build({
  entryPoints: [source],
  bundle: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { mouthOf, SHAPES, Timeline, weightsAt } = await import(
  `data:text/javascript;base64,${code}`
);

const { step_ms, replies } = JSON.parse(readFileSync(0, "utf8"));

/** Follow one reply from its first sample to its last. */
function follow(documents) {
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
}

console.log(JSON.stringify(replies.map(follow)));

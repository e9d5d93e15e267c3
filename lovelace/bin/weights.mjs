#!/usr/bin/env node
/** Print the mouth's weights at a time of a timeline: `npm run --silent weights -- timeline.json MS`. */

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../dist/director.mjs", import.meta.url));
const [file, at] = process.argv.slice(2);

/** Say in one sentence what is wrong and leave. */
function refuse(sentence) {
  console.error(sentence);
  process.exit(2);
}

if (!file || !Number.isFinite(Number(at)))
  refuse("usage: npm run --silent weights -- timeline.json MILLISECONDS");
if (!existsSync(built)) refuse("The director is not built yet: run `npm run build` first.");
if (!existsSync(file)) refuse(`There is no file ${file}.`);

const { mouthOf, Timeline, weightsAt } = await import(built);
const content = JSON.parse(readFileSync(file, "utf8"));
const documents = Array.isArray(content) ? content : (content.segments ?? [content]);
const weights = weightsAt(Timeline.of(documents), Number(at));
console.log(JSON.stringify({ audio_ms: Number(at), weights, mouth: mouthOf(weights) }));

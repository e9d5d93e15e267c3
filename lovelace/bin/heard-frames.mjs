#!/usr/bin/env node
/**
 * Give the mouth for sound without a timeline: standard input is {"step_ms", "sounds": [{"rate_hz", "pcm": base64}, …]}
 * (16-bit mono), standard output as in mouth-frames.mjs.
 */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { followed } from "./followed.mjs";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/audio/ear.ts", import.meta.url))],
  bundle: true,
  format: "esm",
  target: "es2022",
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString("base64");
const { Ear } = await import(`data:text/javascript;base64,${code}`);
const { step_ms, sounds } = JSON.parse(readFileSync(0, "utf8"));

/** Hear one sound in pieces, as it comes over the network. */
function heard({ rate_hz, pcm }) {
  const bytes = Buffer.from(pcm, "base64");
  const samples = Float32Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.readInt16LE(2 * i) / 32768,
  );
  const ear = new Ear(rate_hz);
  for (let at = 0; at < samples.length; at += 1024) ear.push(samples.subarray(at, at + 1024));
  const duration_ms = Math.round((samples.length * 1000) / rate_hz);
  const audio = { start_ms: 0, duration_ms };
  return [{ segment: 0, audio, text: "", visemes: ear.visemes, words: [], cues: [], final: true }];
}

console.log(JSON.stringify(await followed(sounds.map(heard), step_ms)));

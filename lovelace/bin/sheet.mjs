#!/usr/bin/env node
/**
 * Draw the figures: `node bin/sheet.mjs contact|close|gestures|film|film-full FOLDER OUT.png [FIGURE …]`.
 * FOLDER holds the figures' .vrm files; without names, all three of ours are drawn one below the other.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openPage } from "./chromium.mjs";

const FIGURES = ["companion", "steward", "spirit"];
const CONTACT = [
  { label: "standing", framing: "full" },
  { label: "neutral", framing: "face" },
  { label: "happy", framing: "face", feelings: { happy: 0.7 } },
  { label: "sad", framing: "face", feelings: { sad: 0.8 } },
  { label: "angry", framing: "face", feelings: { angry: 0.7 } },
  { label: "surprised", framing: "face", feelings: { surprised: 0.8 } },
  { label: "relaxed", framing: "face", feelings: { relaxed: 0.7 } },
  { label: "asleep", framing: "face", blink: 1 },
  { label: "looks aside", framing: "face", gaze: { yaw_deg: 18, pitch_deg: 4 } },
  { label: "aa", framing: "face", shape: "aa" },
  { label: "O", framing: "face", shape: "O" },
  { label: "I", framing: "face", shape: "I" },
  { label: "wave", framing: "bust", gesture: "wave", at_ms: 1050, feelings: { happy: 0.5 } },
  { label: "think", framing: "bust", gesture: "think", at_ms: 1300 },
  { label: "cheer", framing: "bust", gesture: "cheer", at_ms: 1000, feelings: { happy: 0.7 } },
  { label: "cannot hear", framing: "bust", gesture: "listen", at_ms: 1200 },
];
const CLOSE = [
  { label: "face", framing: "face" },
  { label: "bust", framing: "bust", feelings: { happy: 0.6 } },
  { label: "full", framing: "full" },
  { label: "side", framing: "face", turn_deg: 90 },
  { label: "half side", framing: "bust", turn_deg: 40, feelings: { sad: 0.8 } },
  { label: "back", framing: "full", turn_deg: 180 },
];
const MOMENTS = {
  bow: 850,
  cheer: 1000,
  clap: 640,
  cross_arms: 1500,
  facepalm: 1200,
  listen: 1200,
  nod: 210,
  point_left: 1200,
  point_right: 1200,
  shrug: 800,
  shy: 1400,
  sleep: 1200,
  think: 1300,
  touch_hair: 1000,
  wake: 1500,
  wave: 1050,
  yawn: 1400,
  look_around: 1200,
  shift_weight: 2000,
  shake: 510,
  sit: 3000,
  tilt: 900,
};
const golden = new URL("../../tests/contract/timeline.json", import.meta.url);
const FILM = [
  { from_ms: 0, activity: "asleep", label: "asleep" },
  { from_ms: 1500, activity: "idle", label: "wake" },
  { from_ms: 4000, activity: "listening" },
  { from_ms: 5500, activity: "thinking" },
  { from_ms: 7000, activity: "speaking", reply: reply("happy", "wave") },
  { from_ms: 9600, activity: "idle", label: "after" },
  { from_ms: 11500, activity: "speaking", reply: reply("sad", "shake") },
  { from_ms: 12600, activity: "idle", cut: true, label: "interrupted" },
  { from_ms: 14500, activity: "asleep" },
];

/** Give the golden reply with a feeling and a gesture. */
function reply(feeling, gesture) {
  const { segments } = JSON.parse(readFileSync(golden, "utf8"));
  const cue = (kind, name) => ({ at_ms: 0, kind, name, intensity: 1, hold_ms: 2500, offset: 0 });
  return segments.map((segment, index) => ({
    ...segment,
    cues: index ? [] : [cue("emotion", feeling), cue("gesture", gesture)],
  }));
}

const [kind, folder, out, ...named] = process.argv.slice(2);
if (!folder || !out || !["contact", "close", "gestures", "film", "film-full"].includes(kind)) {
  console.error(
    "usage: node bin/sheet.mjs contact|close|gestures|film|film-full FOLDER OUT.png [FIGURE …]",
  );
  process.exit(2);
}
const gestures = Object.entries(MOMENTS).map(([gesture, at_ms]) => ({
  label: gesture,
  framing: ["clap", "cross_arms", "shy", "wake", "point_left", "shrug", "sit"].includes(gesture)
    ? "full"
    : "bust",
  gesture,
  at_ms,
}));
const stills = { contact: CONTACT, close: CLOSE, gestures };
const tiles = {
  contact: { width: 240, height: 264, columns: 8, background: "#f3eff7" },
  close: { width: 640, height: 640, columns: 3, background: "#f3eff7" },
  gestures: { width: 240, height: 240, columns: 8, background: "#f3eff7" },
  film: { width: 140, height: 168, columns: 14, background: "#f3eff7" },
  "film-full": { width: 100, height: 200, columns: 17, background: "#f3eff7" },
};

const { page, close } = await openPage("avatar/workbench/sheet.ts", { folder });
try {
  const rows = await page.evaluate(
    async ([figures, kind, stills, film, tile]) => {
      const sheet = new window.Sheet();
      const rows = [];
      for (const figure of figures) {
        await sheet.load(`/${figure}.vrm`);
        if (kind.startsWith("film"))
          rows.push(sheet.film(film, 17000, 250, kind === "film" ? "bust" : "full", tile));
        else rows.push(sheet.stills(stills, tile));
      }
      // One below the other.
      const images = await Promise.all(
        rows.map(async (url) => {
          const image = new Image();
          image.src = url;
          await image.decode();
          return image;
        }),
      );
      const whole = document.createElement("canvas");
      whole.width = images[0].width;
      whole.height = images.reduce((sum, image) => sum + image.height, 0);
      let y = 0;
      for (const image of images) {
        whole.getContext("2d").drawImage(image, 0, y);
        y += image.height;
      }
      return whole.toDataURL("image/png");
    },
    [named.length ? named : FIGURES, kind, stills[kind], FILM, tiles[kind]],
  );
  writeFileSync(out, Buffer.from(rows.split(",")[1], "base64"));
  console.log(`${fileURLToPath(new URL(out, `file://${process.cwd()}/`))}`);
} finally {
  await close();
}

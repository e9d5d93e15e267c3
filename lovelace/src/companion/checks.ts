/** What works on this page: a list that can be shown, and copied into a report without secrets. */

import {
  type Barrier,
  microphonePermission,
  missingMicrophone,
  surroundings,
  type Surroundings,
} from "../audio/access.js";
import { audioContext, hasSound, soundUnlocked, tellsHeardTime } from "../audio/output.js";
import type { Hass } from "../ha/hass.js";
import type { Companion } from "./companion.js";

export type CheckState = "good" | "fair" | "bad";
export type CheckId =
  | "house"
  | "character"
  | "mind"
  | "sound"
  | "microphone"
  | "ears"
  | "voice"
  | "satellite"
  | "picture";

export interface Check {
  id: CheckId;
  state: CheckState;
  /** What was found, as a key behind `check_`. */
  found: string;
  values: Record<string, string>;
}

/** What the picture shows: its tier ("high" to "flat"), and how many frames a second. */
export interface Drawn {
  tier: string;
  fps: number;
  problem: string | null;
}

declare const CARD_VERSION: string;
const OURS = "waifu_rt3d";

/** Look at every part that a talk on this page needs. */
export async function lookAround(
  hass: Hass | undefined,
  companion: Companion,
  drawn: Drawn | null = null,
): Promise<Check[]> {
  const [house, microphone] = await Promise.all([
    lookAtHouse(companion),
    lookAtMicrophone(companion),
  ]);
  return [
    house,
    lookAtCharacter(companion),
    lookAtMind(hass, companion),
    lookAtEngine(hass, "ears", "stt"),
    lookAtEngine(hass, "voice", "tts"),
    lookAtEngine(hass, "satellite", "assist_satellite"),
    lookAtSound(),
    microphone,
    lookAtPicture(drawn),
  ];
}

/** Write the list down for an issue; English, and without names, hosts or what was said. */
export function reportOf(checks: readonly Check[], hass: Hass | undefined, companion: Companion) {
  const lines = checks.map(({ id, state, found, values }) => {
    const numbers = Object.entries(values).filter(([name]) => name !== "names");
    const detail = numbers.map(([name, value]) => `${name} ${value}`).join(", ");
    return `${id}: ${state} (${found}${detail ? `, ${detail}` : ""})`;
  });
  const now_ms = Date.now();
  const errors = companion.errors.map(
    ({ code, problem_id, at_ms }) =>
      `${Math.round((now_ms - at_ms) / 1000)} s ago: ${code} ${problem_id}`,
  );
  return [
    `waifu-rt3d card ${typeof CARD_VERSION === "string" ? CARD_VERSION : "unbuilt"}`,
    `Home Assistant ${hass?.config?.version ?? "unknown"}, ${hass?.user?.is_admin ? "admin" : "no admin"}`,
    `browser: ${navigator.userAgent}`,
    `shown in: ${surroundings()}, secure: ${window.isSecureContext ? "yes" : "no"}, language: ${navigator.language}`,
    `connection: ${companion.link}`,
    ...lines,
    errors.length ? `errors: ${errors.join("; ")}` : "errors: none",
  ].join("\n");
}

function check(id: CheckId, state: CheckState, found: string, values: Record<string, string> = {}) {
  return { id, state, found: `${id}_${found}`, values };
}

async function lookAtHouse(companion: Companion): Promise<Check> {
  if (companion.link !== "ready") return check("house", "bad", companion.link);
  try {
    const { round_trip_ms, offset_ms } = await companion.measureClock();
    return check("house", "good", "ready", {
      ms: round_trip_ms.toFixed(0),
      // A clock that is behind by less than half is not "-0" ms away.
      offset: String(Math.round(offset_ms - performance.timeOrigin)),
    });
  } catch {
    return check("house", "bad", "failed");
  }
}

function lookAtCharacter({ characters }: Companion): Check {
  const names = characters.map(({ name }) => name).join(", ");
  return characters.length
    ? check("character", "good", "there", { names, count: String(characters.length) })
    : check("character", "bad", "none");
}

function lookAtMind(hass: Hass | undefined, { characters }: Companion): Check {
  const entity = characters[0]?.conversation_entity;
  const state = entity ? hass?.states?.[entity]?.state : undefined;
  if (!entity || state === undefined) return check("mind", "fair", "unseen");
  return state === "unavailable" ? check("mind", "bad", "lost") : check("mind", "good", "there");
}

/** Find the entities of ours of a domain, and how many of them can be reached. */
function lookAtEngine(hass: Hass | undefined, id: CheckId, domain: string): Check {
  const all = Object.entries(hass?.entities ?? {}).filter(
    ([entity_id, { platform }]) => platform === OURS && entity_id.startsWith(`${domain}.`),
  );
  const there = all.filter(
    ([entity_id]) => (hass?.states?.[entity_id]?.state ?? "unavailable") !== "unavailable",
  );
  const values = { count: String(there.length), all: String(all.length) };
  if (!all.length) return check(id, "fair", "none");
  return there.length ? check(id, "good", "there", values) : check(id, "bad", "lost", values);
}

function lookAtSound(): Check {
  if (!hasSound()) return check("sound", "bad", "missing");
  if (!soundUnlocked()) return check("sound", "fair", "locked");
  if (!tellsHeardTime()) return check("sound", "fair", "untimed");
  const output = audioContext();
  const latency_ms = 1000 * (output.outputLatency || output.baseLatency || 0);
  return check("sound", "good", "on", {
    ms: latency_ms.toFixed(0),
    hz: String(output.sampleRate),
  });
}

async function lookAtMicrophone(companion: Companion): Promise<Check> {
  const barrier = missingMicrophone() ?? companion.listener.barrier;
  if (barrier) return check("microphone", "bad", barrier);
  const permission = await microphonePermission();
  if (permission === "denied") return check("microphone", "bad", "denied");
  return permission === "granted"
    ? check("microphone", "good", "granted")
    : check("microphone", "fair", "prompt");
}

function lookAtPicture(drawn: Drawn | null): Check {
  if (drawn?.problem)
    return { id: "picture", state: "fair", found: `avatar_${drawn.problem}`, values: {} };
  if (drawn && drawn.tier !== "flat")
    return check("picture", "good", "drawn", { tier: drawn.tier, fps: drawn.fps.toFixed(0) });
  return canDraw() ? check("picture", "good", "webgl") : check("picture", "fair", "flat");
}

/** Tell whether there is a graphics processor behind WebGL 2; a browser may know the name alone. */
function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

export type WayOut =
  | "way_https"
  | `way_${Exclude<Surroundings, "browser">}`
  | "way_permission"
  | "way_absent"
  | "way_busy"
  | "way_update"
  | "way_satellite";

/** What to do about a microphone that can't be had, for where this page is shown; the best way first. */
export function waysOut(barrier: Barrier, where: Surroundings = surroundings()): WayOut[] {
  switch (barrier) {
    case "insecure": {
      const here: WayOut[] = where === "browser" ? [] : [`way_${where}`];
      return ["way_https", ...here, "way_satellite"];
    }
    case "denied":
    case "forbidden":
      return [where === "browser" ? "way_permission" : `way_${where}`, "way_satellite"];
    case "absent":
    case "busy":
      return [`way_${barrier}`, "way_satellite"];
    case "unsupported":
    case "failed":
      return ["way_update", "way_satellite"];
  }
}

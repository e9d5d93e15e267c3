/** The golden files of the contracts, shared with the Python tests. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TimelineDocument } from "../src/director/index.js";
import type { Envelope, TurnEnvelope } from "../src/ha/messages.js";

/** Read one golden file. */
function golden(name: string): unknown {
  const path = join(import.meta.dirname, "../../tests/contract", name);
  return JSON.parse(readFileSync(path, "utf8")) as unknown;
}

export const timeline = golden("timeline.json") as { text: string; segments: TimelineDocument[] };

export const websocket = golden("websocket.json") as {
  commands: { type: string; [field: string]: unknown }[];
  results: Record<string, unknown>;
  envelopes: TurnEnvelope[];
  characters_changed: Envelope;
  confirmation: TurnEnvelope;
};

/** What a screen reader says of a talk. */

import type { Companion } from "../companion/companion.js";
import { displayOf } from "../ha/conversation.js";

/** Give the last whole reply: a screen reader shall not read it anew with every piece. */
export function announcement(companion: Companion | null): string {
  const latest = companion?.conversation.latest;
  return latest?.state === "heard" ? displayOf(latest) : "";
}

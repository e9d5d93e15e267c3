/** What a person should know before anything else, as a key of the translations. */

import { missingMicrophone } from "../audio/access.js";
import type { Companion } from "../companion/companion.js";
import { isKey, type Key } from "./translate.js";

/** Find the most important problem; `unknown`: the card's character is not there, `told`: plain http is known. */
export function problemOf(
  companion: Companion,
  { unknown, told }: { unknown: boolean; told: boolean },
): Key | null {
  const { link, trouble } = companion;
  if (link !== "ready" && link !== "connecting") return `link_${link}`;
  if (trouble) return `trouble_${trouble}`;
  if (companion.notice !== null) {
    const key = `notice_${companion.notice}`;
    return isKey(key) ? key : "notice_unknown";
  }
  if (link === "ready" && unknown) return "unknown_character";
  return microphoneProblem(companion, told);
}

/** Say what the microphone lacks: on plain http before anybody taps, else when it failed. */
function microphoneProblem({ listener }: Companion, told: boolean): Key | null {
  if (listener.barrier) return `microphone_${listener.barrier}`;
  return missingMicrophone() === "insecure" && !told ? "microphone_insecure" : null;
}

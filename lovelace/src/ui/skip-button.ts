/** Let who wants no introduction go on at once. */

import { html, nothing } from "lit";
import type { Companion } from "../companion/companion.js";
import type { ListenOptions } from "../ha/client.js";
import type { Translate } from "./translate.js";

export function skipButton(companion: Companion | null, say: Translate, options: ListenOptions) {
  if (!companion?.meeting.goesOn) return nothing;
  const skip = () => void companion.send(say("skip"), options);
  return html`<button class="skip" @click=${skip}>${say("skip")}</button>`;
}

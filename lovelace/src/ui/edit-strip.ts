/** Say which question is being changed, with a way back. */

import { html } from "lit";
import type { Translate } from "./translate.js";

export function editStrip(say: Translate, stop: () => void) {
  return html`<waifu-rt3d-notice .text=${say("editing")} .say=${say} closes @close=${stop}>
  </waifu-rt3d-notice>`;
}

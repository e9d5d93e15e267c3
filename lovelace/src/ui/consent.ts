/** The two words that answer what the house asks before something that may do harm. */

import { html, nothing } from "lit";
import type { Conversation, Turn } from "../ha/conversation.js";
import type { Hass } from "../ha/hass.js";
import type { ConfirmData } from "../ha/messages.js";

/** Give the question that the newest turn left open for this user; one that is too old is none. */
export function openConsent(
  turn: Turn | null | undefined,
  user: string | undefined,
  now_ms = Date.now(),
): ConfirmData | null {
  const open = turn?.confirm;
  if (!open || turn.cancelled || now_ms > open.until_epoch_ms) return null;
  return open.person === null || open.person === user ? open : null;
}

/** Draw both words as buttons; `answer` says one of them. */
export function consentButtons(
  companion: { conversation: Conversation } | null,
  hass: Hass | undefined,
  answer: (word: string) => void,
) {
  const open = openConsent(companion?.conversation.latest, hass?.user?.id);
  if (!open) return nothing;
  const button = (word: string) => html`<button @click=${() => answer(word)}>${word}</button>`;
  return html`<div class="notice" role="group" aria-label=${open.question}>
    ${button(open.yes)} ${button(open.no)}
  </div>`;
}

/** A few words about something, side by side. */

import { html, nothing, type TemplateResult } from "lit";

/** Join what there is; each part keeps its own direction, so that a date stays in order beside foreign words. */
export function joined(parts: readonly string[]): TemplateResult {
  const there = parts.filter(Boolean);
  return html`${there.map((part, at) => html`${at ? " · " : nothing}<bdi>${part}</bdi>`)}`;
}

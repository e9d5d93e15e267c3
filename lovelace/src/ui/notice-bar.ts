/** What a person should know now: one sentence, its id, and the way out. */

import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Companion } from "../companion/companion.js";
import { define } from "./define.js";
import { closeIcon } from "./icons.js";
import { type Key, type Translate, translator } from "./translate.js";

export class NoticeBar extends LitElement {
  static override styles = css`
    :host {
      display: block;
    }
    div {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: flex-end;
      gap: 0 6px;
      padding: 8px 12px;
      border-radius: 12px;
      font-size: 0.92em;
      line-height: 1.4;
      border-inline-start: 4px solid var(--warning-color, #ffa600);
      background: var(--secondary-background-color, #eee);
      color: var(--primary-text-color, #111);
    }
    span {
      flex: 1 1 22em;
    }
    small {
      white-space: nowrap;
      font-size: 0.85em;
      letter-spacing: 0.04em;
      color: var(--secondary-text-color, #5e5e5e);
    }
    button {
      flex: none;
      display: grid;
      place-items: center;
      min-width: 40px;
      min-height: 40px;
      padding: 0 10px;
      border: 0;
      border-radius: 10px;
      font: inherit;
      font-weight: 500;
      cursor: pointer;
      background: none;
      color: inherit;
    }
    button:focus-visible {
      outline: 2px solid var(--primary-color, #03a9f4);
      outline-offset: -2px;
    }
  `;

  @property() text = "";
  /** Under which it stands in the house's log of problems. */
  @property() problem: string | null = null;
  /** The way out: what its button says. */
  @property() act: Key | null = null;
  @property({ type: Boolean }) closes = false;
  @property({ attribute: false }) say: Translate = translator("en");

  override render() {
    return html`<div role="alert" class="notice">
      <span>${this.text} ${this.problem ? html`<small>${this.problem}</small>` : nothing}</span>
      ${
        this.act
          ? html`<button @click=${() => this._tell("act")}>${this.say(this.act)}</button>`
          : nothing
      }
      ${
        this.closes
          ? html`<button aria-label=${this.say("close")} @click=${() => this._tell("close")}>
              ${closeIcon}
            </button>`
          : nothing
      }
    </div>`;
  }

  private _tell(name: string): void {
    this.dispatchEvent(new CustomEvent(name));
  }
}

interface WaysOut {
  /** The character that the card wants. */
  name: string;
  explain: () => void;
  dismiss: () => void;
}

/** Draw what a person should know, with the id of the problem and the buttons that belong to it. */
export function noticeOf(key: Key, companion: Companion, say: Translate, ways: WaysOut) {
  const retries = key === "link_missing" || key === "link_failed";
  const explains = key.startsWith("microphone_");
  const { problem } = companion;
  const known = problem?.code === key.replace(/^trouble_/, "");
  return html`<waifu-rt3d-notice
    .text=${say(key, { name: ways.name })}
    .problem=${known ? problem.problem_id : null}
    .act=${retries ? "retry" : explains ? "what_to_do" : null}
    .say=${say}
    ?closes=${explains || key.startsWith("trouble_") || key.startsWith("notice_")}
    @act=${() => (explains ? ways.explain() : companion.retry())}
    @close=${ways.dismiss}
  ></waifu-rt3d-notice>`;
}

define("waifu-rt3d-notice", NoticeBar);

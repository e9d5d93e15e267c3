/** What stands behind a reply: its receipt, what was remembered for it, the tools it was made with. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Companion } from "../companion/companion.js";
import type { Turn } from "../ha/conversation.js";
import type { Memory, ToolUse } from "../ha/messages.js";
import { define } from "./define.js";
import { lipsRows, receiptRows } from "./receipt.js";
import { type Translate, translator } from "./translate.js";

export class ReplyDetails extends LitElement {
  static override styles = css`
    :host {
      display: block;
      max-width: min(92%, 46em);
      padding: 10px 14px;
      border-radius: 14px;
      border: 1px solid var(--divider-color, #ccc);
      box-sizing: border-box;
      font-size: 0.9em;
      line-height: 1.45;
    }
    dl {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 2px 12px;
      margin: 0;
    }
    dt {
      color: var(--secondary-text-color, #666);
    }
    dd {
      margin: 0;
      overflow-wrap: anywhere;
    }
    h4 {
      margin: 10px 0 2px;
      font: inherit;
      font-weight: 500;
    }
    ul {
      margin: 0;
      padding: 0;
      list-style: none;
    }
    li {
      padding: 4px 0;
    }
    q {
      quotes: none;
      overflow-wrap: anywhere;
    }
    small {
      display: block;
      font-size: 0.9em;
      color: var(--secondary-text-color, #666);
    }
    summary {
      min-height: 32px;
      line-height: 32px;
      cursor: pointer;
    }
    pre {
      max-height: 14em;
      margin: 2px 0 6px;
      padding: 8px;
      border-radius: 8px;
      overflow: auto;
      white-space: pre-wrap;
      overflow-wrap: anywhere;
      font-size: 12px;
      background: var(--secondary-background-color, #eee);
    }
    .failed {
      padding-inline-start: 8px;
      border-inline-start: 3px solid var(--error-color, #db4437);
    }
    summary:focus-visible,
    pre:focus-visible {
      outline: 2px solid var(--primary-color, #03a9f4);
      outline-offset: 2px;
    }
  `;

  @property({ attribute: false }) companion: Companion | null = null;
  @property({ attribute: false }) turn!: Turn;
  @property({ attribute: false }) say: Translate = translator("en");
  @property() language: string | undefined;
  @state() private _memories: readonly Memory[] = [];
  @state() private _tools: readonly ToolUse[] = [];
  @state() private _failed = false;

  override firstUpdated(): void {
    void this._fetch();
  }

  override render() {
    const { receipt, timeline } = this.turn;
    const lips = lipsRows(timeline.source, this.say);
    return html`${receipt ? this._receipt([...receiptRows(receipt, this.say), ...lips]) : nothing}
    ${this._memories.length ? this._remembered() : nothing}
    ${this._tools.length ? this._used() : nothing}
    ${this._failed ? html`<p class="failed">${this.say("details_failed")}</p>` : nothing}`;
  }

  private async _fetch(): Promise<void> {
    try {
      this._memories = (await this.companion?.replies.recalledFor(this.turn)) ?? [];
      this._tools = (await this.companion?.replies.toolsOf(this.turn)) ?? [];
    } catch {
      this._failed = true;
    }
  }

  private _receipt(rows: [string, string][]) {
    return html`<dl>
      ${rows.map(
        ([what, who]) =>
          html`<dt>${what}</dt>
            <dd>${who}</dd>`,
      )}
    </dl>`;
  }

  private _remembered() {
    return html`<h4>${this.say("details_remembered")}</h4>
      <ul>
        ${this._memories.map(
          (memory) =>
            html`<li>
              ${
                memory.note
                  ? html`<q dir="auto">${memory.note}</q>`
                  : memory.lines.map(({ text }) => html`<q dir="auto">${text}</q><br />`)
              }
              <small>${this._why(memory)}</small>
            </li>`,
        )}
      </ul>`;
  }

  private _why({ at_ms, words }: Memory): string {
    const day = new Date(at_ms).toLocaleDateString(this.language, { dateStyle: "medium" });
    return words.length ? this.say("details_because", { day, words: words.join(", ") }) : day;
  }

  private _used() {
    return html`<h4>${this.say("details_tools")}</h4>
      ${this._tools.map(
        ({ name, arguments: given, result, failed }) =>
          html`<details>
            <summary class=${failed ? "failed" : ""}>
              ${name}${failed ? ` – ${this.say("details_tool_failed")}` : ""}
            </summary>
            <pre tabindex="0">${JSON.stringify(given, null, 1)}</pre>
            <pre tabindex="0">
${typeof result === "string" ? result : JSON.stringify(result, null, 1)}</pre>
          </details>`,
      )}`;
  }
}

define("waifu-rt3d-details", ReplyDetails);

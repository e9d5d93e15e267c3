/** The sheet "What works here": every part with its state, the way out where one is missing, a report to copy. */

import { css, html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Barrier, missingMicrophone } from "../audio/access.js";
import { type Check, type Drawn, lookAround, reportOf, waysOut } from "../companion/checks.js";
import type { Companion } from "../companion/companion.js";
import type { Hass } from "../ha/hass.js";
import { checkRows, checkRowStyles, checkWords, rowOf } from "./check-rows.js";
import { define } from "./define.js";
import { closeIcon } from "./icons.js";
import type { Translate } from "./translate.js";

interface Shown {
  hass: Hass | undefined;
  companion: Companion | null;
  /** What the picture shows now; null where there is none. */
  stage: Drawn | null;
  /** The words that the card has anyway. */
  say: Translate;
  language: string | undefined;
}

/** Web views before Chrome 37 and Safari 15.4 have no modal dialogs. */
type OldDialog = HTMLElement & Partial<Pick<HTMLDialogElement, "showModal" | "close">>;

const COPIED_MS = 2500;

export class Checks extends LitElement {
  static override styles = [
    checkRowStyles,
    css`
      dialog {
        box-sizing: border-box;
        width: min(560px, calc(100vw - 24px));
        max-height: calc(100vh - 24px);
        padding: 0;
        border: 0;
        border-radius: 20px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color, #111);
        font: inherit;
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.5);
      }
      header {
        position: sticky;
        top: 0;
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 12px 12px 8px 20px;
        background: inherit;
      }
      h2 {
        flex: 1;
        margin: 0;
        font-size: 1.25em;
        font-weight: 500;
      }
      .checks {
        padding: 0 20px;
      }
      ol {
        margin: 6px 0 0;
        padding-inline-start: 1.3em;
        line-height: 1.45;
      }
      ol li {
        padding: 2px 0;
      }
      .errors {
        padding: 8px 20px;
        border-top: 1px solid var(--divider-color, #ddd);
      }
      .errors ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .errors li {
        display: grid;
        grid-template-columns: 7em 1fr;
        gap: 0 12px;
        padding: 2px 0;
      }
      footer {
        position: sticky;
        bottom: 0;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 10px 20px 16px;
        background: inherit;
      }
      textarea {
        flex: 1 1 100%;
        height: 9em;
        box-sizing: border-box;
        font: 12px/1.4 monospace;
        background: none;
        color: inherit;
      }
      button {
        min-height: 44px;
        padding: 0 18px;
        border: 0;
        border-radius: 22px;
        font: inherit;
        font-weight: 500;
        cursor: pointer;
        background: var(--secondary-background-color, #eee);
        color: inherit;
      }
      header button {
        display: grid;
        place-items: center;
        width: 44px;
        padding: 0;
        background: none;
      }
      button:focus-visible {
        outline: 2px solid var(--primary-color, #03a9f4);
        outline-offset: 2px;
      }
    `,
  ];

  @property({ attribute: false }) shown!: Shown;
  @state() private _checks: readonly Check[] = [];
  @state() private _copied = false;
  /** The report to select by hand, where the page may not copy. */
  @state() private _report: string | null = null;
  @query("dialog") private _dialog!: OldDialog;

  /** Show the sheet over the page. */
  static open(root: Node, shown: Shown): void {
    const sheet = document.createElement("waifu-rt3d-checks");
    sheet.shown = shown;
    root.appendChild(sheet);
  }

  override firstUpdated(): void {
    // Without modal dialogs it stands in the page.
    if (this._dialog.showModal) this._dialog.showModal();
    else this._dialog.setAttribute("open", "");
    void this._look();
  }

  override render() {
    const { say } = this.shown;
    return html`<dialog
      aria-label=${say("checks")}
      @close=${() => this.remove()}
      @click=${this._outside}
      @keydown=${(event: Event) => event.stopPropagation()}
    >
      <header>
        <h2>${say("checks")}</h2>
        <button aria-label=${say("close")} @click=${this._close}>${closeIcon}</button>
      </header>
      ${checkRows(
        this._checks.map((check) => rowOf(check, this.shown.language)),
        this.shown.language,
        {
          busy: !this._checks.length,
          below: ({ id, state }) =>
            id === "microphone" && state === "red" ? this._ways() : nothing,
        },
      )}
      ${this._errors()}
      <footer>
        <button @click=${this._look}>${this._words("check_again")}</button>
        <button @click=${this._copy}>
          ${this._words(this._copied ? "copied" : "copy_report")}
        </button>
        ${
          this._report === null
            ? nothing
            : html`<textarea
                readonly
                aria-label=${this._words("report")}
                .value=${this._report}
              ></textarea>`
        }
      </footer>
    </dialog>`;
  }

  private get _words() {
    return checkWords(this.shown.language);
  }

  /** Name the last problems as the house's log of problems names them. */
  private _errors() {
    const errors = this.shown.companion?.errors ?? [];
    if (!errors.length) return nothing;
    return html`<div class="errors">
      <strong>${this._words("last_problems")}</strong>
      <ul>
        ${[...errors]
          .reverse()
          .map(
            ({ code, problem_id, at_ms }) =>
              html`<li>
                <code>${problem_id}</code
                ><span>${code}, ${new Date(at_ms).toLocaleTimeString(this.shown.language)}</span>
              </li>`,
          )}
      </ul>
    </div>`;
  }

  /** Say what can be done about the microphone. */
  private _ways() {
    const { companion } = this.shown;
    const barrier: Barrier = missingMicrophone() ?? companion?.listener.barrier ?? "denied";
    return html`<ol>
      ${waysOut(barrier).map((way) => html`<li>${this._words(way)}</li>`)}
    </ol>`;
  }

  private async _look(): Promise<void> {
    const { hass, companion, stage } = this.shown;
    if (companion) this._checks = await lookAround(hass, companion, stage);
  }

  private async _copy(): Promise<void> {
    const { hass, companion } = this.shown;
    if (!companion) return;
    const report = reportOf(this._checks, hass, companion);
    try {
      // On plain http there is no clipboard; then the text can be selected.
      await navigator.clipboard.writeText(report);
      this._copied = true;
      setTimeout(() => (this._copied = false), COPIED_MS);
    } catch {
      this._report = report;
    }
  }

  private _outside(event: MouseEvent): void {
    if (event.target === this._dialog) this._close();
  }

  private _close(): void {
    if (this._dialog.close) this._dialog.close();
    else this.remove();
  }
}

define("waifu-rt3d-checks", Checks);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-checks": Checks;
  }
}

/** The sheet "What works here": every part with its state, the way out where one is missing, a report to copy. */

import { css, html, LitElement, nothing } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Barrier, missingMicrophone } from "../audio/access.js";
import { type Check, type Drawn, lookAround, reportOf, waysOut } from "../companion/checks.js";
import type { Companion } from "../companion/companion.js";
import type { Hass } from "../ha/hass.js";
import { define } from "./define.js";
import { closeIcon } from "./icons.js";
import { isKey, type Translate, translatorOf } from "./translate.js";
import { de } from "./translations/checks/de.js";
import { type CheckKey, en } from "./translations/checks/en.js";

interface Shown {
  hass: Hass | undefined;
  companion: Companion | null;
  /** What the picture shows now; null where there is none. */
  stage: Drawn | null;
  /** The words that the card has anyway. */
  say: Translate;
  language: string | undefined;
}

const SIGNS = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  fair: "M12 5v8M12 18v.5",
  bad: "M6 6l12 12M18 6 6 18",
};
/** Web views before Chrome 37 and Safari 15.4 have no modal dialogs. */
type OldDialog = HTMLElement & Partial<Pick<HTMLDialogElement, "showModal" | "close">>;

const COPIED_MS = 2500;

export class Checks extends LitElement {
  static override styles = css`
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
    ul {
      margin: 0;
      padding: 0 20px;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: 28px 1fr;
      gap: 0 12px;
      padding: 9px 0;
      border-top: 1px solid var(--divider-color, #ddd);
    }
    li:first-child {
      border: 0;
    }
    .sign {
      grid-row: span 3;
      width: 26px;
      height: 26px;
      border-radius: 50%;
      color: #fff;
    }
    .good {
      background: #2e7d32;
    }
    .fair {
      background: #b26a00;
    }
    .bad {
      background: #c62828;
    }
    strong {
      font-weight: 500;
    }
    p {
      margin: 0;
      line-height: 1.4;
      color: var(--secondary-text-color, #555);
      overflow-wrap: anywhere;
    }
    ol {
      margin: 6px 0 0;
      padding-inline-start: 1.3em;
      line-height: 1.45;
    }
    ol li {
      display: list-item;
      padding: 2px 0;
      border: 0;
    }
    .errors {
      padding: 8px 20px;
      border-top: 1px solid var(--divider-color, #ddd);
    }
    .errors ul {
      padding: 0;
    }
    .errors li {
      grid-template-columns: 7em 1fr;
      padding: 2px 0;
      border: 0;
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
  `;

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
      <ul aria-busy=${this._checks.length ? "false" : "true"}>
        ${this._checks.map((check) => this._row(check))}
      </ul>
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
    return translatorOf({ de, en }, this.shown.language);
  }

  /** Say what was found; about the microphone the card has the words already. */
  private _found({ found, values }: Check): string {
    const key = `check_${found}`;
    if (key in en) return this._words(key as CheckKey, values);
    return isKey(found) ? this.shown.say(found) : found;
  }

  private _row(check: Check) {
    const { id, state } = check;
    const words = this._words;
    return html`<li>
      <svg
        class="sign ${state}"
        viewBox="0 0 24 24"
        role="img"
        aria-label=${words(`state_${state}`)}
      >
        <path
          d=${SIGNS[state]}
          fill="none"
          stroke="currentColor"
          stroke-width="2.5"
          stroke-linecap="round"
          stroke-linejoin="round"
          transform="translate(4.8 4.8) scale(.6)"
        />
      </svg>
      <strong>${words(`part_${id}`)}</strong>
      <p>${this._found(check)}</p>
      ${id === "microphone" && state === "bad" ? this._ways() : nothing}
    </li>`;
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
    if (companion) this._checks = worstFirst(await lookAround(hass, companion, stage));
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

/** Put what needs the person's help where it is seen first. */
function worstFirst(checks: readonly Check[]): Check[] {
  return [
    ...checks.filter(({ state }) => state === "bad"),
    ...checks.filter(({ state }) => state !== "bad"),
  ];
}

define("waifu-rt3d-checks", Checks);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-checks": Checks;
  }
}

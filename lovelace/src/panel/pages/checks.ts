/** The preflight: every part tried for real, with a light, a sentence and what to do. */

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import { lookAround } from "../../companion/checks.js";
import { type CheckRow, checkRows, checkRowStyles, rowOf, worstOf } from "../../ui/check-rows.js";
import { define } from "../../ui/define.js";
import { follow } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";

export interface Finding extends CheckRow {
  part: string;
}

interface Progress {
  done: number;
  total: number;
  findings: Finding[];
}

/** What only this browser can tell; the rest the house tries itself. */
const OF_THE_BROWSER = new Set(["house", "sound", "microphone", "picture"]);

export class ChecksPage extends PanelPage {
  static override styles = [
    pageStyles,
    checkRowStyles,
    css`
      .sum {
        margin-bottom: 12px;
        font-size: 1.1em;
      }
    `,
  ];

  @state() private _house: Finding[] = [];
  @state() private _browser: CheckRow[] = [];
  @state() private _progress: { done: number; total: number } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // While it runs there is nothing to press, and yet it must be scrolled by keys.
    this.tabIndex = 0;
  }

  protected override async fill(): Promise<void> {
    this._browser = (await lookAround(this.hass, Companion.of(this.hass.connection)))
      .filter(({ id }) => OF_THE_BROWSER.has(id))
      .map((check) => rowOf(check, this.language));
    if (this.admin) void this._run();
  }

  protected override content() {
    const { words } = this;
    return html`<div class="page">
      <h2>${words("page_checks")}</h2>
      <p class="sum" role="status">${this._sum()}</p>
      ${
        this._progress
          ? html`<progress
              aria-label=${words("checking")}
              max=${this._progress.total || 1}
              value=${this._progress.done}
            ></progress>`
          : nothing
      }
      ${this.admin ? this._list(words("checks_house"), this._house) : nothing}
      ${this._list(words("checks_browser"), this._browser)}
      ${this.admin ? nothing : html`<p class="quiet">${words("checks_admin")}</p>`}
      <p>
        <button ?disabled=${this._progress !== null} @click=${() => this.reload()}>
          ${words("check_again")}
        </button>
      </p>
    </div>`;
  }

  private _list(title: string, rows: readonly CheckRow[]) {
    return html`<section class="panel">
      <h3>${title}</h3>
      ${checkRows(rows, this.language, { busy: this._progress !== null })}
    </section>`;
  }

  private _sum(): string {
    const { words, _progress: going } = this;
    if (going)
      return words("checking_at", { done: String(going.done), total: String(going.total) });
    const all = [...this._house, ...this._browser];
    const worst = worstOf(all);
    if (!worst) return "";
    const count = all.filter(({ state }) => state === worst).length;
    return words(`sum_${worst}`, { count: String(count) });
  }

  /** Let Home Assistant try everything; each light is shown as it comes. */
  private async _run(): Promise<void> {
    if (this._progress) return;
    this._house = [];
    this._progress = { done: 0, total: 0 };
    await this.act(() =>
      follow(this.hass, "preflight", { language: this.language }, (event) => {
        const { done, total, findings } = event as Progress;
        this._progress = { done, total };
        this._house = [...this._house, ...findings];
      }),
    );
    this._progress = null;
  }
}

define("waifu-rt3d-page-checks", ChecksPage);

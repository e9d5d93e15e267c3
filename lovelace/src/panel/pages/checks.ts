/** The preflight: every part tried for real, with a light, a sentence and what to do. */

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import { type Check, lookAround } from "../../companion/checks.js";
import { define } from "../../ui/define.js";
import { isKey, translator, translatorOf } from "../../ui/translate.js";
import { de } from "../../ui/translations/checks/de.js";
import { type CheckKey, en } from "../../ui/translations/checks/en.js";
import { follow } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";

type Light = "green" | "amber" | "red";

export interface Finding {
  id: string;
  part: string;
  state: Light;
  title: string;
  message: string;
}

interface Progress {
  done: number;
  total: number;
  findings: Finding[];
}

const SIGNS: Record<Light, string> = {
  green: "M5 12.5l4.5 4.5L19 7.5",
  amber: "M12 5v8M12 18v.5",
  red: "M6 6l12 12M18 6 6 18",
};
const LIGHTS = { good: "green", fair: "amber", bad: "red" } as const;
/** What only this browser can tell; the rest the house tries itself. */
const OF_THE_BROWSER = new Set(["house", "sound", "microphone", "picture"]);

export class ChecksPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 30px 1fr;
        gap: 0 14px;
        padding: 11px 0;
        border-top: 1px solid var(--divider-color, #e0e0e0);
      }
      li:first-child {
        border: 0;
      }
      h4 {
        margin: 0;
        font-weight: 500;
      }
      .light {
        grid-row: span 2;
        width: 30px;
        height: 30px;
        border-radius: 50%;
        color: #fff;
      }
      .green {
        background: #2e7d32;
      }
      .amber {
        background: #a35f00;
      }
      .red {
        background: #c62828;
      }
      .sum {
        margin-bottom: 12px;
        font-size: 1.1em;
      }
    `,
  ];

  @state() private _house: Finding[] = [];
  @state() private _browser: Finding[] = [];
  @state() private _progress: { done: number; total: number } | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // While it runs there is nothing to press, and yet it must be scrolled by keys.
    this.tabIndex = 0;
  }

  protected override async fill(): Promise<void> {
    this._browser = (await lookAround(this.hass, Companion.of(this.hass.connection)))
      .filter(({ id }) => OF_THE_BROWSER.has(id))
      .map((check) => this._shown(check));
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

  private _list(title: string, findings: readonly Finding[]) {
    return html`<section class="panel">
      <h3>${title}</h3>
      <ul aria-busy=${this._progress ? "true" : "false"}>
        ${worstFirst(findings).map(
          ({ state, title: name, message }) =>
            html`<li>
              <svg
                class="light ${state}"
                viewBox="0 0 24 24"
                role="img"
                aria-label=${this.words(`light_${state}`)}
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
              <h4>${name}</h4>
              <p class="quiet">${message}</p>
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private _sum(): string {
    const { words, _progress: going } = this;
    if (going)
      return words("checking_at", { done: String(going.done), total: String(going.total) });
    const all = [...this._house, ...this._browser];
    if (!all.length) return "";
    const worst = (["red", "amber", "green"] as const).find((light) =>
      all.some(({ state }) => state === light),
    )!;
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

  /** A check of this browser, as one of the house is shown. */
  private _shown({ id, state, found, values }: Check): Finding {
    const say = translatorOf({ de, en }, this.language);
    const key = `check_${found}`;
    const message =
      key in en
        ? say(key as CheckKey, values)
        : isKey(found)
          ? translator(this.language)(found)
          : found;
    return { id, part: id, state: LIGHTS[state], title: say(`part_${id}`), message };
  }
}

/** Put what needs help where it is seen first. */
function worstFirst(findings: readonly Finding[]): Finding[] {
  const order: Light[] = ["red", "amber", "green"];
  return [...findings].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

define("waifu-rt3d-page-checks", ChecksPage);

/** How long talk is kept, one's own data, and the way to the settings of the house. */

import { css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import { define } from "../../ui/define.js";
import { download } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";

interface Retention {
  days: number | null;
  messages: number | null;
}

const INTEGRATION = "/config/integrations/integration/waifu_rt3d";

export class SettingsPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      section > :is(p, form, .bar) {
        margin-top: 10px;
      }
      form.bar {
        align-items: end;
      }
      input[type="number"] {
        width: 9em;
      }
    `,
  ];

  @state() private _kept: Retention = { days: null, messages: null };
  @state() private _busy = false;
  @query("#days") private _days!: HTMLInputElement;
  @query("#messages") private _messages!: HTMLInputElement;

  protected override async fill(): Promise<void> {
    this._kept = await this.ask<Retention>("retention/get");
  }

  protected override content() {
    const { words } = this;
    return html`<div class="page">
      <h2>${words("page_settings")}</h2>
      ${this._retention()}
      <section class="panel">
        <h3>${words("own_data")}</h3>
        <p class="quiet">${words("own_data_hint")}</p>
        <div class="bar">
          <button ?disabled=${this._busy} @click=${this._export}>${words("export_all")}</button>
          <button class="danger" ?disabled=${this._busy} @click=${this._forget}>
            ${words("forget_me")}
          </button>
        </div>
      </section>
      ${this.admin ? this._house() : nothing}
    </div>`;
  }

  private _retention() {
    const { words } = this;
    return html`<section class="panel">
      <h3>${words("retention")}</h3>
      <p class="quiet">${words("retention_hint")}</p>
      <form class="bar" @submit=${this._keep}>
        <label class="field"
          >${words("keep_days")}<input
            id="days"
            type="number"
            min="1"
            max="1000000"
            .value=${String(this._kept.days ?? "")}
            placeholder=${words("for_ever")}
        /></label>
        <label class="field"
          >${words("keep_messages")}<input
            id="messages"
            type="number"
            min="1"
            max="1000000"
            .value=${String(this._kept.messages ?? "")}
            placeholder=${words("for_ever")}
        /></label>
        <button class="main" type="submit">${words("save")}</button>
      </form>
    </section>`;
  }

  private _house() {
    const { words } = this;
    return html`<section class="panel">
      <h3>${words("house")}</h3>
      <p class="quiet">${words("house_hint")}</p>
      <div class="bar">
        <a class="button" href=${INTEGRATION}>${words("integration")}</a>
        <button ?disabled=${this._busy} @click=${this._backup}>${words("backup")}</button>
      </div>
    </section>`;
  }

  private async _keep(event: Event): Promise<void> {
    event.preventDefault();
    const number = (input: HTMLInputElement) => (input.value ? Number(input.value) : null);
    const rule = { days: number(this._days), messages: number(this._messages) };
    const saved = await this.act(async () => {
      this._kept = await this.ask<Retention>("retention/set", rule);
    });
    if (saved) showToast(this, { text: this.words("saved") });
  }

  private async _export(): Promise<void> {
    this._busy = true;
    await this.act(async () => {
      const answer = await this.ask<{ url: string; name: string }>("export", { format: "json" });
      download(answer.url, answer.name);
    });
    this._busy = false;
  }

  private async _backup(): Promise<void> {
    this._busy = true;
    await this.act(async () => {
      const answer = await this.hass.connection.sendMessagePromise<{
        response: { path: string };
      }>({
        type: "call_service",
        domain: "waifu_rt3d",
        service: "backup",
        return_response: true,
      });
      showToast(this, {
        text: this.words("backup_done", { path: answer.response.path }),
        stays_ms: 20_000,
      });
    });
    this._busy = false;
  }

  /** Delete everything; the person writes a word, because nothing brings it back. */
  private async _forget(): Promise<void> {
    const { words } = this;
    const word = words("forget_me_word");
    const typed = await Sheet.ask(this.renderRoot, {
      title: words("forget_me"),
      body: words("forget_me_hint", { word }),
      confirm: words("forget_me"),
      cancel: words("cancel"),
      danger: true,
      input: { label: word, value: "" },
    });
    if (typed === null) return;
    if (typed.trim().toLowerCase() !== word.toLowerCase()) {
      showToast(this, { text: words("forget_me_not") });
      return;
    }
    await this.act(() => this.ask("forget_me", { confirm: true }));
    showToast(this, { text: words("forgotten") });
  }
}

define("waifu-rt3d-page-settings", SettingsPage);

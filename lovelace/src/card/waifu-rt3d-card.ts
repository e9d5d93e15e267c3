/** `custom:waifu-rt3d-card`: the companion on a dashboard. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { TimelineDocument } from "../director/index.js";
import type { Hass } from "../ha/hass.js";
import "../ui/companion-view.js";
import type { CompanionView } from "../ui/companion-view.js";
import { checkConfig, DEFAULTS, type CompanionConfig } from "../ui/config.js";
import { define } from "../ui/define.js";
import type { Frozen, StageState } from "../ui/stage-view.js";
import { learn, translator } from "../ui/translate.js";
import { cardForm } from "./form.js";

const TYPE = "waifu-rt3d-card";

export class WaifuCard extends LitElement {
  static override styles = css`
    :host {
      display: block;
      height: 100%;
    }
    ha-card {
      display: flex;
      flex-direction: column;
      height: 100%;
      overflow: hidden;
      box-sizing: border-box;
    }
    /* Only the grid of a section gives a card its height. */
    :host(:not([layout="grid"])) ha-card {
      min-height: 420px;
    }
    :host(:not([layout="grid"])) .avatar {
      min-height: 300px;
    }
    :host(:not([layout="grid"])) .chat {
      min-height: 560px;
    }
    waifu-rt3d-view {
      flex: 1;
      min-height: 0;
      border-radius: inherit;
    }
  `;

  @property({ attribute: false }) hass?: Hass;
  @property({ type: Boolean }) preview = false;
  /** Where Home Assistant puts the card: "grid" in a section, "panel", or nothing. */
  @property({ reflect: true }) layout?: string;
  @state() private _config: CompanionConfig | null = null;

  /** Give the configuration of a card that was just picked: the editor shows what it has. */
  static getStubConfig() {
    const { layout, framing, quality } = DEFAULTS;
    return { layout, framing, quality };
  }

  static getConfigForm() {
    return cardForm();
  }

  setConfig(config: Record<string, unknown>): void {
    this._config = checkConfig(config, document.documentElement.lang);
  }

  getCardSize(): number {
    return this._config?.layout === "avatar" ? 5 : 9;
  }

  getGridOptions() {
    const rows = { avatar: 5, subtitles: 7, chat: 9, text: 6 }[this._config?.layout ?? "chat"];
    return { columns: 12, rows, min_columns: 4, min_rows: rows > 6 ? 5 : 3 };
  }

  /** Hold the face as it is at a time of a reply; gives the fifteen weights and what the model was told. */
  freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    const view = this._view;
    return view
      ? view.freezeAt(documents, audio_ms)
      : Promise.reject(new Error("the card is not drawn yet"));
  }

  /** Go on living after `freezeAt`. */
  thaw(): void {
    this._view?.thaw();
  }

  /** Tell what the picture shows now; null where the layout has none. */
  stageState(): StageState | null {
    return this._view?.stageState() ?? null;
  }

  override render() {
    if (!this._config) return nothing;
    return html`<ha-card class=${this._config.layout}>
      <waifu-rt3d-view
        .hass=${this.hass}
        .config=${this._config}
        ?preview=${this.preview}
      ></waifu-rt3d-view>
    </ha-card>`;
  }

  private get _view(): CompanionView | null {
    return this.renderRoot.querySelector("waifu-rt3d-view");
  }
}

define(TYPE, WaifuCard);
// The words come while the dashboard still makes its cards.
void learn(document.documentElement.lang);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-card": WaifuCard;
  }
  interface Window {
    customCards?: { type: string; [key: string]: unknown }[];
  }
}

window.customCards ??= [];
if (!window.customCards.some(({ type }) => type === TYPE))
  window.customCards.push({
    type: TYPE,
    name: "Companion (waifu-rt3d)",
    /** Said when it is asked for: the words of the page's language are there by then. */
    get description() {
      return translator(document.documentElement.lang)("card_description");
    },
    preview: true,
    /** Offer the card for the companion's own conversation entities. */
    getEntitySuggestion: (_hass: unknown, entity_id: string) =>
      entity_id.startsWith("conversation.") ? { layout: "chat" } : null,
  });

/** `waifu-rt3d-panel`: the sidebar page, the companion with the whole screen to herself. */

import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { TimelineDocument } from "../director/index.js";
import type { Hass } from "../ha/hass.js";
import "../ui/companion-view.js";
import type { CompanionView } from "../ui/companion-view.js";
import { checkConfig } from "../ui/config.js";
import { define } from "../ui/define.js";
import type { Frozen, StageState } from "../ui/stage-view.js";

const CONFIG = checkConfig({ type: "waifu-rt3d-panel", layout: "subtitles" });

export class WaifuPanel extends LitElement {
  static override styles = css`
    :host {
      position: relative;
      display: block;
      /* The frontend gives a custom panel no height of its own. */
      height: 100vh;
      height: 100dvh;
      overflow: hidden;
      background: var(--primary-background-color, #fafafa);
      color: var(--primary-text-color, #111);
    }
    .menu {
      position: absolute;
      z-index: 1;
      top: 4px;
      inset-inline-start: 4px;
    }
    ha-menu-button {
      --mdc-icon-button-size: 48px;
    }
  `;

  @property({ attribute: false }) hass?: Hass;
  @property({ type: Boolean, reflect: true }) narrow = false;
  @property({ attribute: false }) panel?: unknown;

  freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    const view = this._view;
    return view
      ? view.freezeAt(documents, audio_ms)
      : Promise.reject(new Error("the page is not drawn yet"));
  }

  thaw(): void {
    this._view?.thaw();
  }

  stageState(): StageState | null {
    return this._view?.stageState() ?? null;
  }

  override render() {
    return html`<div class="menu">
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
      </div>
      <waifu-rt3d-view page .hass=${this.hass} .config=${CONFIG}></waifu-rt3d-view>`;
  }

  private get _view(): CompanionView | null {
    return this.renderRoot.querySelector("waifu-rt3d-view");
  }
}

define("waifu-rt3d-panel", WaifuPanel);

/** Small pictures of figures, drawn one after the other by the page's one stage and then kept. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Companion } from "../../companion/companion.js";
import { define } from "../../ui/define.js";
import "../../ui/stage-view.js";
import type { StageView } from "../../ui/stage-view.js";

type Colours = Readonly<Record<string, string>>;

const drawn = new Map<string, string>();
let queue: Promise<void> = Promise.resolve();

export class Portrait extends LitElement {
  static override styles = css`
    :host {
      position: relative;
      display: block;
      flex: none;
      width: var(--waifu-rt3d-portrait, 96px);
      height: var(--waifu-rt3d-portrait, 96px);
      border-radius: 50%;
      overflow: hidden;
      background: var(--secondary-background-color, #e8e8e8);
    }
    img,
    waifu-rt3d-stage {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
      object-fit: cover;
    }
    waifu-rt3d-stage {
      /* Drawn larger than it is shown: shrunk, its edges are smooth. */
      width: 300%;
      height: 300%;
      opacity: 0;
    }
    span {
      position: absolute;
      inset: 0;
      display: grid;
      place-items: center;
      font-size: calc(var(--waifu-rt3d-portrait, 96px) * 0.42);
      font-weight: 500;
      color: var(--secondary-text-color, #595959);
    }
  `;

  @property({ attribute: false }) companion: Companion | null = null;
  @property() name = "";
  @property() url: string | null = null;
  @property({ attribute: false }) colours: Colours = {};
  @state() private _picture: string | null = null;
  @state() private _drawing = false;

  override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has("url") || changed.has("colours")) this._show();
  }

  override render() {
    if (this._picture) return html`<img src=${this._picture} alt="" />`;
    return html`<span aria-hidden="true">${[...this.name][0] ?? "?"}</span>${
        this._drawing
          ? html`<waifu-rt3d-stage
              aria-hidden="true"
              .companion=${this.companion}
              .url=${this.url}
              .colours=${this.colours}
              quality="mid"
              framing="face"
              absent
            ></waifu-rt3d-stage>`
          : nothing
      }`;
  }

  private get _key(): string {
    return `${this.url} ${JSON.stringify(this.colours)}`;
  }

  private _show(): void {
    this._picture = drawn.get(this._key) ?? null;
    if (!this._picture && this.url) queue = queue.then(() => this._draw());
  }

  /** Let the stage draw it once; where it can't be drawn its letter stays. */
  private async _draw(): Promise<void> {
    if (!this.isConnected || drawn.has(this._key)) {
      this._take();
      return;
    }
    this._drawing = true;
    await this.updateComplete;
    const stage = this.renderRoot.querySelector<StageView>("waifu-rt3d-stage");
    await stage?.freezeAt([], 0);
    // In the same task as the drawing: afterwards the browser has taken the picture away.
    const canvas = stage?.renderRoot.querySelector("canvas");
    const picture = canvas?.toDataURL("image/webp", 0.85);
    stage?.thaw();
    if (picture && picture.length > 100) drawn.set(this._key, picture);
    this._drawing = false;
    this._take();
  }

  private _take(): void {
    this._picture = drawn.get(this._key) ?? null;
  }
}

define("waifu-rt3d-portrait", Portrait);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-portrait": Portrait;
  }
}

/** A list of any length of which only the rows in sight are in the page. */

import { css, type CSSResult, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../../ui/define.js";

const MORE = 5;

export class Rows extends LitElement {
  static override styles = css`
    :host {
      display: block;
      overflow-y: auto;
      overscroll-behavior: contain;
    }
    .all {
      position: relative;
    }
    .row {
      position: absolute;
      inset-inline: 0;
      box-sizing: border-box;
      overflow: hidden;
    }
  `;

  @property({ attribute: false }) items: readonly unknown[] = [];
  @property({ attribute: false }) keyOf: (item: unknown) => string = String;
  @property({ attribute: false }) row!: (item: unknown) => TemplateResult;
  @property({ type: Number }) height = 72;
  @property() label = "";
  /** The looks of what is drawn in the rows. */
  @property({ attribute: false }) looks: CSSResult | null = null;
  @state() private _first = 0;
  @state() private _count = 20;
  private readonly _watch = new ResizeObserver(() => this._look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("scroll", this._look, { passive: true });
    this._watch.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("scroll", this._look);
    this._watch.disconnect();
  }

  override render() {
    const last = Math.min(this.items.length, this._first + this._count);
    const shown = this.items.slice(this._first, last);
    return html`${
        this.looks
          ? html`<style>
              ${this.looks.cssText}
            </style>`
          : nothing
      }
      <div
        class="all"
        role="list"
        aria-label=${this.label}
        style="height:${this.items.length * this.height}px"
      >
        ${repeat(
          shown,
          (item) => this.keyOf(item),
          (item, index) => {
            const place = this._first + index;
            return html`<div
              class="row"
              role="listitem"
              aria-posinset=${place + 1}
              aria-setsize=${this.items.length}
              style="top:${place * this.height}px;height:${this.height}px"
            >
              ${this.row(item)}
            </div>`;
          },
        )}
      </div>`;
  }

  private readonly _look = (): void => {
    this._first = Math.max(0, Math.floor(this.scrollTop / this.height) - MORE);
    this._count = Math.ceil(this.clientHeight / this.height) + 2 * MORE;
    const end = this.scrollTop + 2 * this.clientHeight > this.items.length * this.height;
    if (end) this.dispatchEvent(new CustomEvent("more"));
  };
}

define("waifu-rt3d-rows", Rows);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-rows": Rows;
  }
}

/** A place to drop files on, which is a button for those who do not drag. */

import { css, html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../../ui/define.js";
import { pageStyles } from "../page-styles.js";

export class Drop extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        display: block;
        height: auto;
        overflow: visible;
      }
      .zone {
        display: grid;
        place-items: center;
        gap: 8px;
        padding: 14px;
        border: 2px dashed var(--waifu-rt3d-edge, #767676);
        border-radius: 14px;
        text-align: center;
      }
      .over {
        border-style: solid;
        border-color: var(--primary-color, #03a9f4);
        background: rgba(3, 169, 244, 0.12);
      }
      input {
        display: none;
      }
    `,
  ];

  /** What the button says, and what stands beside it. */
  @property() label = "";
  @property() hint = "";
  /** Endings of files that are taken, with dots, comma between them. */
  @property() accept = "";
  @property({ type: Boolean }) busy = false;
  @state() private _over = false;
  @query("input") private _input!: HTMLInputElement;

  override render() {
    return html`<div
      class="zone ${this._over ? "over" : ""}"
      @dragover=${this._drag}
      @dragleave=${() => (this._over = false)}
      @drop=${this._drop}
    >
      <button ?disabled=${this.busy} @click=${() => this._input.click()}>${this.label}</button>
      <p class="quiet">${this.hint}</p>
      <input type="file" accept=${this.accept} tabindex="-1" @change=${this._chosen} />
    </div>`;
  }

  private _drag(event: DragEvent): void {
    event.preventDefault();
    this._over = true;
  }

  private _drop(event: DragEvent): void {
    event.preventDefault();
    this._over = false;
    this._give(event.dataTransfer?.files[0]);
  }

  private _chosen(): void {
    this._give(this._input.files?.[0]);
    this._input.value = "";
  }

  private _give(file: File | undefined): void {
    if (file && !this.busy) this.dispatchEvent(new CustomEvent("file", { detail: file }));
  }
}

define("waifu-rt3d-drop", Drop);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-drop": Drop;
  }
}

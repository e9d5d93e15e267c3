/** A modal sheet: a question, a choice, or a form, over everything and closed with Escape. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { define } from "../../ui/define.js";
import { pageStyles } from "../page-styles.js";

export interface SheetWords {
  title: string;
  body?: TemplateResult | string;
  confirm: string;
  cancel: string;
  danger?: boolean;
  /** Ask for a line of text; this stands in it at first. */
  input?: { label: string; value: string };
}

type OldDialog = HTMLElement & Partial<Pick<HTMLDialogElement, "showModal" | "close">>;

export class Sheet extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        display: contents;
      }
      dialog {
        box-sizing: border-box;
        width: min(480px, calc(100vw - 24px));
        max-height: calc(100vh - 24px);
        padding: 20px;
        border: 0;
        border-radius: 20px;
        background: var(--card-background-color, #fff);
        color: var(--primary-text-color, #111);
        font: inherit;
      }
      dialog::backdrop {
        background: rgba(0, 0, 0, 0.5);
      }
      .bar {
        justify-content: flex-end;
        margin-top: 18px;
      }
      input {
        width: 100%;
        margin-top: 10px;
      }
    `,
  ];

  @state() private _words: SheetWords | null = null;
  @query("dialog") private _dialog!: OldDialog;
  @query("input") private _input!: HTMLInputElement | null;
  private _settle: ((answer: string | null) => void) | null = null;

  /** Ask; gives the text (empty where none was asked for), null when the person refused. */
  static async ask(root: Node, words: SheetWords): Promise<string | null> {
    const sheet = document.createElement("waifu-rt3d-sheet");
    root.appendChild(sheet);
    try {
      return await sheet._open(words);
    } finally {
      sheet.remove();
    }
  }

  override render() {
    const words = this._words;
    if (!words) return nothing;
    return html`<dialog
      aria-labelledby="title"
      @close=${() => this._settle?.(null)}
      @keydown=${(event: Event) => event.stopPropagation()}
    >
      <form method="dialog" @submit=${this._confirm}>
        <h2 id="title">${words.title}</h2>
        ${words.body ? html`<p>${words.body}</p>` : nothing}
        ${
          words.input
            ? html`<input aria-label=${words.input.label} .value=${words.input.value} />`
            : nothing
        }
        <div class="bar">
          <button type="button" @click=${() => this._settle?.(null)}>${words.cancel}</button>
          <button type="submit" class=${words.danger ? "danger" : "main"}>${words.confirm}</button>
        </div>
      </form>
    </dialog>`;
  }

  private async _open(words: SheetWords): Promise<string | null> {
    this._words = words;
    await this.updateComplete;
    // Without modal dialogs it stands in the page.
    if (this._dialog.showModal) this._dialog.showModal();
    else this._dialog.setAttribute("open", "");
    this._input?.select();
    return new Promise((resolve) => (this._settle = resolve));
  }

  private _confirm(event: Event): void {
    event.preventDefault();
    this._settle?.(this._input?.value ?? "");
  }
}

define("waifu-rt3d-sheet", Sheet);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-sheet": Sheet;
  }
}

/** A menu that opens beside its button, above everything, and is used with the arrow keys. */

import { css, html, LitElement } from "lit";
import { query, state } from "lit/decorators.js";
import { define } from "../../ui/define.js";

export interface MenuItem {
  label: string;
  act: () => void;
  danger?: boolean;
}

type OldDialog = HTMLElement & Partial<Pick<HTMLDialogElement, "showModal" | "close">>;
const EDGE_PX = 8;

export class Menu extends LitElement {
  static override styles = css`
    dialog {
      position: fixed;
      margin: 0;
      padding: 6px;
      min-width: 190px;
      max-width: calc(100vw - 16px);
      max-height: calc(100vh - 16px);
      box-sizing: border-box;
      border: 1px solid var(--divider-color, #ddd);
      border-radius: 14px;
      background: var(--card-background-color, #fff);
      color: var(--primary-text-color, #111);
      box-shadow: 0 6px 24px rgba(0, 0, 0, 0.25);
      font: inherit;
    }
    dialog::backdrop {
      background: none;
    }
    button {
      display: block;
      width: 100%;
      min-height: 44px;
      padding: 6px 14px;
      border: 0;
      border-radius: 9px;
      font: inherit;
      text-align: start;
      cursor: pointer;
      background: none;
      color: inherit;
    }
    button:hover,
    button:focus-visible {
      background: var(--secondary-background-color, #eee);
      outline: 2px solid var(--primary-color, #03a9f4);
      outline-offset: -2px;
    }
    .danger {
      color: var(--waifu-rt3d-danger, #b71c1c);
    }
  `;

  @state() private _items: readonly MenuItem[] = [];
  @query("dialog") private _dialog!: OldDialog;
  private _button!: HTMLElement;

  /** Open a menu for a button. */
  static async open(button: HTMLElement, items: readonly MenuItem[], label: string): Promise<void> {
    const menu = document.createElement("waifu-rt3d-menu");
    menu._button = button;
    menu._items = items;
    menu.setAttribute("label", label);
    button.getRootNode().appendChild(menu);
    await menu.updateComplete;
    menu._show();
  }

  override render() {
    return html`<dialog
      role="menu"
      aria-label=${this.getAttribute("label") ?? ""}
      @close=${this._leave}
      @click=${this._outside}
      @keydown=${this._key}
    >
      ${this._items.map(
        (item) =>
          html`<button
            role="menuitem"
            class=${item.danger ? "danger" : ""}
            @click=${() => this._choose(item)}
          >
            ${item.label}
          </button>`,
      )}
    </dialog>`;
  }

  private _show(): void {
    if (this._dialog.showModal) this._dialog.showModal();
    else this._dialog.setAttribute("open", "");
    const at = this._button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this._dialog;
    const left = Math.min(at.left, innerWidth - width - EDGE_PX);
    const below = at.bottom + height + EDGE_PX < innerHeight;
    const top = below ? at.bottom : Math.max(EDGE_PX, at.top - height);
    this._dialog.style.left = `${Math.max(EDGE_PX, left)}px`;
    this._dialog.style.top = `${top}px`;
  }

  private _choose(item: MenuItem): void {
    this._close();
    item.act();
  }

  private _outside(event: MouseEvent): void {
    if (event.target === this._dialog) this._close();
  }

  private _key(event: KeyboardEvent): void {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.renderRoot.querySelectorAll("button")];
    const focused = (this.renderRoot as ShadowRoot).activeElement as HTMLButtonElement | null;
    const at = focused ? buttons.indexOf(focused) : -1;
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
  }

  private _close(): void {
    if (this._dialog.close) this._dialog.close();
    else this._leave();
  }

  private _leave(): void {
    this.remove();
    this._button.focus();
  }
}

define("waifu-rt3d-menu", Menu);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-menu": Menu;
  }
}

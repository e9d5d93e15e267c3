/** `waifu-rt3d-panel`: the sidebar page, with the talk first and everything else a tab away. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import type { TimelineDocument } from "../director/index.js";
import { languageOf } from "../ha/hass.js";
import "../ui/companion-view.js";
import type { CompanionView } from "../ui/companion-view.js";
import { checkConfig } from "../ui/config.js";
import { define } from "../ui/define.js";
import { learn } from "../ui/translate.js";
import type { Frozen, StageState } from "../ui/stage-view.js";
import type { PanelHass, Route } from "./hass.js";
import { navigate } from "./house.js";
import "./parts/toast.js";
import type { Toast, ToastWords } from "./parts/toast.js";
import { type Page, pageOf, PAGES } from "./routes.js";
import { wordsOf } from "./words.js";

const CONFIG = checkConfig({ type: "waifu-rt3d-panel", layout: "chat" });

export class WaifuPanel extends LitElement {
  static override styles = css`
    :host {
      position: relative;
      display: flex;
      flex-direction: column;
      /* The frontend gives a custom panel no height of its own. */
      height: 100vh;
      height: 100dvh;
      overflow: hidden;
      background: var(--primary-background-color, #fafafa);
      color: var(--primary-text-color, #111);
      font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    }
    header {
      display: flex;
      align-items: center;
      flex: none;
      min-height: 56px;
      padding-top: env(safe-area-inset-top);
      background: var(--app-header-background-color, var(--card-background-color, #fff));
      color: var(--app-header-text-color, var(--primary-text-color, #111));
      border-bottom: 1px solid var(--divider-color, #e0e0e0);
    }
    ha-menu-button {
      flex: none;
      --mdc-icon-button-size: 48px;
    }
    nav {
      display: flex;
      flex: 1;
      min-width: 0;
      overflow-x: auto;
      scrollbar-width: none;
    }
    nav::-webkit-scrollbar {
      display: none;
    }
    a {
      display: flex;
      flex: none;
      align-items: center;
      gap: 8px;
      box-sizing: border-box;
      min-height: 56px;
      padding: 0 14px;
      border-bottom: 3px solid transparent;
      text-decoration: none;
      white-space: nowrap;
      font-weight: 500;
      color: inherit;
    }
    a[aria-current="page"] {
      border-bottom-color: currentColor;
    }
    a:focus-visible {
      outline: 2px solid currentColor;
      outline-offset: -4px;
    }
    svg {
      width: 20px;
      height: 20px;
      fill: none;
      stroke: currentColor;
      stroke-width: 2;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    main {
      position: relative;
      flex: 1;
      min-height: 0;
    }
    .dark {
      --waifu-rt3d-danger: #ff9e97;
    }
    .error {
      padding: 32px 16px;
      text-align: center;
    }
    .error button {
      min-height: 44px;
      padding: 0 18px;
      border: 0;
      border-radius: 22px;
      font: inherit;
      cursor: pointer;
    }
  `;

  @property({ attribute: false }) hass?: PanelHass;
  @property({ type: Boolean, reflect: true }) narrow = false;
  @property({ attribute: false }) route?: Route;
  @property({ attribute: false }) panel?: unknown;
  /** The page that is drawn; until its file is there the one before stays. */
  @state() private _page: Page = PAGES[0]!;
  @state() private _failed: Page | null = null;
  @query("waifu-rt3d-toast") private _toast!: Toast;
  private _told = false;

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

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("route")) void this._go(pageOf(this.route?.path ?? ""));
    if (this.hass && !this._told) {
      this._told = true;
      void this.hass.loadBackendTranslation?.("exceptions", "waifu_rt3d");
    }
  }

  override updated(changed: PropertyValues): void {
    const current = this.renderRoot.querySelector('[aria-current="page"]');
    if (changed.has("_page")) current?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  override render() {
    const words = wordsOf(languageOf(this.hass));
    return html`<header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <nav aria-label=${words("pages")}>${this._pages.map((page) => this._tab(page))}</nav>
      </header>
      <main
        class=${this.hass?.themes?.darkMode ? "dark" : ""}
        @waifu-rt3d-toast=${this._say}
        @waifu-rt3d-go=${this._follow}
      >
        ${this._failed ? this._broken(this._failed) : this._drawn()}
      </main>
      <waifu-rt3d-toast></waifu-rt3d-toast>`;
  }

  private get _view(): CompanionView | null {
    return this.renderRoot.querySelector("waifu-rt3d-view");
  }

  private get _pages(): readonly Page[] {
    return PAGES.filter(({ admin }) => !admin || this.hass?.user?.is_admin);
  }

  private get _prefix(): string {
    return this.route?.prefix ?? "/companion";
  }

  private _tab(page: Page) {
    const words = wordsOf(languageOf(this.hass));
    const here = page === this._page;
    return html`<a
      href="${this._prefix}/${page.name}"
      aria-current=${here ? "page" : nothing}
      @click=${(event: MouseEvent) => this._click(event, page)}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true"><path d=${page.icon} /></svg>
      ${words(page.title)}
    </a>`;
  }

  private _drawn() {
    if (!this._page.load)
      return html`<waifu-rt3d-view page .hass=${this.hass} .config=${CONFIG}></waifu-rt3d-view>`;
    // An element by its name: the pages are not known here before they are loaded.
    const element = document.createElement(this._page.tag) as HTMLElement & { hass?: unknown };
    const drawn = this._element?.localName === this._page.tag ? this._element : element;
    drawn.hass = this.hass;
    this._element = drawn;
    return drawn;
  }
  private _element: (HTMLElement & { hass?: unknown }) | null = null;

  private _broken(page: Page) {
    const words = wordsOf(languageOf(this.hass));
    return html`<div class="error" role="alert">
      <p>${words("page_not_loaded")}</p>
      <button @click=${() => this._go(page)}>${words("retry")}</button>
    </div>`;
  }

  /** Draw a page when its file is there; one that does not come leaves the others alone. */
  private async _go(page: Page): Promise<void> {
    this._failed = null;
    try {
      await Promise.all([page.load?.(), learn(languageOf(this.hass))]);
    } catch {
      this._failed = page;
      return;
    }
    if (page !== this._page) this._element = null;
    this._page = page;
  }

  private _click(event: MouseEvent, page: Page): void {
    // A click that opens a new tab is the browser's.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this._open(page.name);
  }

  private _open(name: string): void {
    navigate(`${this._prefix}/${name}`);
    // The frontend's router gives us the new route; without one we go by ourselves.
    if (!this.route) void this._go(pageOf(name));
  }

  private _follow(event: CustomEvent<string>): void {
    this._open(event.detail);
  }

  private _say(event: CustomEvent<ToastWords>): void {
    this._toast.show(event.detail);
  }
}

define("waifu-rt3d-panel", WaifuPanel);

/** The lorebooks of one character: what is in them, one more, one less. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { languageOf } from "../../ha/hass.js";
import { define } from "../../ui/define.js";
import type { PanelHass } from "../hass.js";
import { ask, sentenceOf, upload } from "../house.js";
import { pageStyles } from "../page-styles.js";
import { wordsOf } from "../words.js";
import "./drop.js";
import { Sheet } from "./sheet.js";
import { showToast } from "./toast.js";
import { joined } from "./joined.js";

interface Entry {
  name: string;
  keys: readonly string[];
  content: string;
  enabled: boolean;
  constant: boolean;
}

/** A lorebook (`waifu_rt3d/lorebook/list`); the one inside a card has no id. */
interface Book {
  id: string;
  name: string;
  entries: readonly Entry[];
}

export class Lorebooks extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        height: auto;
        overflow: visible;
      }
      summary {
        min-height: 44px;
        padding: 8px 0;
        box-sizing: border-box;
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      dl {
        margin: 0 0 8px;
      }
      dt {
        margin-top: 12px;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      dd {
        margin: 2px 0 0;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .hint,
      waifu-rt3d-drop {
        display: block;
        margin-bottom: 16px;
      }
    `,
  ];

  @property({ attribute: false }) hass!: PanelHass;
  @property() character = "";
  @state() private _books: readonly Book[] | null = null;
  @state() private _failure = "";
  @state() private _busy = false;

  override firstUpdated(): void {
    void this._show(() => this._ask("list"));
  }

  override render() {
    const words = this._words;
    return html`<p class="quiet hint">${words("lorebooks_hint")}</p>
      ${this._failure ? html`<p class="error" role="alert">${this._failure}</p>` : nothing}
      ${this._books?.map((book) => this._book(book)) ?? nothing}
      ${this._books?.length === 0 ? html`<p class="empty">${words("lorebook_none")}</p>` : nothing}
      <waifu-rt3d-drop
        accept=".json"
        .label=${words(this._busy ? "sending" : "lorebook_add")}
        .hint=${words("lorebook_add_hint")}
        ?busy=${this._busy}
        @file=${(event: CustomEvent<File>) => this._bring(event.detail)}
      ></waifu-rt3d-drop>
      <button @click=${() => this.dispatchEvent(new Event("left"))}>${words("back")}</button>`;
  }

  private get _words() {
    return wordsOf(languageOf(this.hass));
  }

  private _book(book: Book) {
    const words = this._words;
    const { id, name, entries } = book;
    return html`<section class="panel">
      <h3 dir="auto">${id ? name : words("lorebook_of_card")}</h3>
      <details>
        <summary>${words("lorebook_entries", { count: String(entries.length) })}</summary>
        <dl>
          ${entries.map(
            (entry) =>
              html`<dt dir="auto">${this._called(entry)}</dt>
                <dd dir="auto">${entry.content}</dd>`,
          )}
        </dl>
      </details>
      ${
        id
          ? html`<div class="bar">
              <button class="danger" @click=${() => this._remove(book)}>
                ${words("take_away")}
              </button>
            </div>`
          : nothing
      }
    </section>`;
  }

  /** What calls an entry: its words, or nothing but the talk itself. */
  private _called({ name, keys, constant, enabled }: Entry) {
    const words = this._words;
    const called = constant ? words("lorebook_always") : keys.join(", ");
    return joined([name, called, enabled ? "" : words("lorebook_off")]);
  }

  private _ask(command: string, fields: Record<string, unknown> = {}): Promise<{ books: Book[] }> {
    return ask(this.hass, `lorebook/${command}`, { character: this.character, ...fields });
  }

  /** Show the books that a command answers; a refusal is said and changes nothing. */
  private async _show(command: () => Promise<{ books: Book[] }>): Promise<boolean> {
    this._failure = "";
    try {
      this._books = (await command()).books;
      return true;
    } catch (error) {
      this._failure = sentenceOf(error, this.hass) || this._words("failed");
      return false;
    }
  }

  private async _bring(file: File): Promise<void> {
    this._busy = true;
    await this._show(async () =>
      this._ask("import", { file_id: await upload(this.hass, file), name: file.name }),
    );
    this._busy = false;
  }

  private async _remove({ id, name }: Book): Promise<void> {
    const words = this._words;
    const sure = await Sheet.ask(this.renderRoot, {
      title: words("lorebook_remove", { name }),
      body: words("lorebook_remove_hint"),
      confirm: words("take_away"),
      cancel: words("cancel"),
      danger: true,
    });
    if (sure === null) return;
    if (await this._show(() => this._ask("remove", { book_id: id })))
      showToast(this, { text: words("lorebook_taken", { name }) });
  }
}

define("waifu-rt3d-lorebooks", Lorebooks);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-lorebooks": Lorebooks;
  }
}

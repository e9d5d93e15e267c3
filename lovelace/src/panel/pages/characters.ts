/** The characters with their faces; administrators add, change and remove them. */

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import type { Character } from "../../ha/messages.js";
import { define } from "../../ui/define.js";
import { deleteCharacter } from "../character-flow.js";
import { download, sentenceOf, upload } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import "../parts/drop.js";
import "../parts/lorebooks.js";
import { Menu } from "../parts/menu.js";
import "../parts/portrait.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";
import "../parts/wizard.js";

/** What came of a card (`waifu_rt3d/character/import`). */
interface Imported {
  character: string;
  name: string;
  greetings: number;
  lore_entries: number;
  /** What of it was left out, each a sentence as core sends them. */
  warnings: readonly object[];
}

/** Kinds of files that a character can be given out as; the endings of those that are taken in. */
const FORMATS = ["png", "json", "charx"] as const;
const ENDINGS = ".png,.apng,.json,.charx,.jpg,.jpeg,.yaml,.yml,.byaf";

export class CharactersPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr));
        gap: 12px;
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
      }
      li.panel {
        display: flex;
        flex-direction: column;
        gap: 14px;
        margin: 0;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 16px;
        flex: 1;
      }
      .who > div {
        min-width: 0;
      }
      .told {
        margin-top: 16px;
      }
      .told > * + * {
        margin-top: 10px;
      }
      waifu-rt3d-drop {
        margin-top: 16px;
      }
    `,
  ];

  /** The character whose form is open; empty for a new one, null for none. */
  @state() private _open: string | null = null;
  /** The character whose lorebooks are open. */
  @state() private _books: Character | null = null;
  @state() private _importing = false;
  /** What came of the card that was imported last. */
  @state() private _imported: Imported | null = null;

  protected override async fill(): Promise<void> {
    // The characters are asked for by every page.
  }

  protected override content() {
    const { words } = this;
    if (this._open !== null) return this._form(this._open);
    if (this._books) return this._lorebooks(this._books);
    return html`<div class="page">
      <h2>${words("page_characters")}</h2>
      ${
        this.characters.length || this.loading
          ? html`<ul aria-label=${words("page_characters")}>
              ${this.characters.map((character) => this._card(character))}
            </ul>`
          : html`<p class="empty">${words("no_characters")}</p>`
      }
      ${
        this.admin
          ? html`<button class="main" @click=${() => (this._open = "")}>
                ${words("add_character")}
              </button>
              ${this._bring()} ${this._imported ? this._told(this._imported) : nothing}`
          : html`<p class="quiet">${words("characters_admin")}</p>`
      }
    </div>`;
  }

  private _bring() {
    const { words } = this;
    return html`<waifu-rt3d-drop
      accept=${ENDINGS}
      .label=${words(this._importing ? "sending" : "import_card")}
      .hint=${words("import_card_hint")}
      ?busy=${this._importing}
      @file=${(event: CustomEvent<File>) => this._import(event.detail)}
    ></waifu-rt3d-drop>`;
  }

  /** Say what came of a card, what was left out, and what is to be done next. */
  private _told({ character, name, greetings, lore_entries, warnings }: Imported) {
    const { words } = this;
    const counts = { greetings: String(greetings), lore: String(lore_entries) };
    return html`<section class="panel told" role="status">
      <h3 dir="auto">${words("card_imported", { name })}</h3>
      <p>${words("card_contents", counts)} ${words("card_next")}</p>
      ${warnings.map((warning) => html`<p class="error">${sentenceOf(warning, this.hass)}</p>`)}
      <div class="bar">
        <button class="main" @click=${() => this._change(character)}>
          ${words("change_of", { name })}
        </button>
        <button @click=${() => (this._imported = null)}>${words("close")}</button>
      </div>
    </section>`;
  }

  private _form(character: string) {
    const { words } = this;
    return html`<div class="page">
      <h2>${character ? this.nameOf(character) : words("add_character")}</h2>
      <div class="panel">
        <waifu-rt3d-wizard
          .hass=${this.hass}
          .character=${character || null}
          @left=${() => (this._open = null)}
          @saved=${this._saved}
        ></waifu-rt3d-wizard>
      </div>
    </div>`;
  }

  private _lorebooks(character: Character) {
    return html`<div class="page">
      <h2 dir="auto">${this.words("lorebooks_of", { name: character.name })}</h2>
      <waifu-rt3d-lorebooks
        .hass=${this.hass}
        .character=${character.id}
        @left=${() => (this._books = null)}
      ></waifu-rt3d-lorebooks>
    </div>`;
  }

  private _card(character: Character) {
    const { words } = this;
    return html`<li class="panel">
      <div class="who">
        <waifu-rt3d-portrait
          .companion=${Companion.of(this.hass.connection)}
          .name=${character.name}
          .url=${character.avatar_url}
          .colours=${character.avatar_colours ?? {}}
        ></waifu-rt3d-portrait>
        <div>
          <h3 dir="auto">${character.name}</h3>
          <p class="quiet">${this._readiness(character)}</p>
        </div>
      </div>
      <div class="bar">
        <button @click=${this._talk}>${words("talk_to", { name: character.name })}</button>
        ${
          this.admin
            ? html`<button
                  aria-label=${words("change_of", { name: character.name })}
                  @click=${() => (this._open = character.id)}
                >
                  ${words("change")}
                </button>
                <button
                  aria-label=${words("export_of", { name: character.name })}
                  aria-haspopup="menu"
                  @click=${(event: Event) => this._export(event, character)}
                >
                  ${words("export")}
                </button>
                <button
                  aria-label=${words("lorebooks_of", { name: character.name })}
                  @click=${() => (this._books = character)}
                >
                  ${words("lorebooks")}
                </button>
                <button
                  class="danger"
                  aria-label=${words("delete_of", { name: character.name })}
                  @click=${() => this._delete(character)}
                >
                  ${words("delete")}
                </button>`
            : nothing
        }
      </div>
    </li>`;
  }

  private _readiness({ pipeline, conversation_entity }: Character): string {
    const state = this.hass.states?.[conversation_entity]?.state;
    if (!pipeline || state === "unavailable") return this.words("character_not_ready");
    return this.words("character_ready");
  }

  private _talk(): void {
    this.dispatchEvent(
      new CustomEvent("waifu-rt3d-go", { detail: "talk", bubbles: true, composed: true }),
    );
  }

  private _change(character: string): void {
    this._imported = null;
    this._open = character;
  }

  /** Make a character of a card, after a yes. */
  private async _import(file: File): Promise<void> {
    const { words } = this;
    const sure = await Sheet.ask(this.renderRoot, {
      title: words("import_card_sure", { file: file.name }),
      body: words("import_card_warning"),
      confirm: words("import"),
      cancel: words("cancel"),
    });
    if (sure === null) return;
    this._imported = null;
    this._importing = true;
    const done = await this.act(async () => {
      const file_id = await upload(this.hass, file);
      this._imported = await this.ask<Imported>("character/import", { file_id });
    });
    this._importing = false;
    if (done) await this.reload();
  }

  private _export(event: Event, { id, name }: Character): void {
    const items = FORMATS.map((format) => ({
      label: this.words(`format_card_${format}`),
      act: () => void this.act(() => this._take(id, format)),
    }));
    void Menu.open(event.currentTarget as HTMLElement, items, this.words("export_of", { name }));
  }

  private async _take(character: string, format: string): Promise<void> {
    const fields = { character, format };
    const offered = await this.ask<{ url: string; name: string }>("character/export", fields);
    download(offered.url, offered.name);
  }

  private async _saved(): Promise<void> {
    this._open = null;
    showToast(this, { text: this.words("character_saved") });
    await this.reload();
  }

  private async _delete({ id, name }: Character): Promise<void> {
    const { words } = this;
    const sure = await Sheet.ask(this.renderRoot, {
      title: words("delete_of", { name }),
      body: words("delete_character_hint"),
      confirm: words("delete"),
      cancel: words("cancel"),
      danger: true,
    });
    if (sure === null) return;
    await this.act(() => deleteCharacter(this.hass, id));
    await this.reload();
  }
}

define("waifu-rt3d-page-characters", CharactersPage);

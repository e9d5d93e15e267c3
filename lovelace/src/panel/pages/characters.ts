/** The characters with their faces; administrators add, change and remove them. */

import { css, html, nothing } from "lit";
import { state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import type { Character } from "../../ha/messages.js";
import { define } from "../../ui/define.js";
import { deleteCharacter } from "../character-flow.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import "../parts/portrait.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";
import "../parts/wizard.js";

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
    `,
  ];

  /** The character whose form is open; empty for a new one, null for none. */
  @state() private _open: string | null = null;

  protected override async fill(): Promise<void> {
    // The characters are asked for by every page.
  }

  protected override content() {
    const { words } = this;
    if (this._open !== null) return this._form(this._open);
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
            </button>`
          : html`<p class="quiet">${words("characters_admin")}</p>`
      }
    </div>`;
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

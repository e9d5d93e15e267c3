/** What she was asked to remember, and where it comes from. */

import { css, html, nothing } from "lit";
import { query, state } from "lit/decorators.js";
import type { StoredMessage } from "../../ha/history.js";
import { define } from "../../ui/define.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";
import { joined } from "../parts/joined.js";

interface Note {
  id: string;
  audience: string;
  character: string | null;
  text: string;
  created_ms: number;
  source_id: number | null;
  pinned: boolean;
}

export class MemoriesPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr));
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li.panel {
        display: flex;
        flex-direction: column;
        gap: 8px;
        margin: 0;
      }
      form .bar {
        margin-top: 10px;
      }
      .text {
        flex: 1;
        white-space: pre-wrap;
      }
      textarea {
        width: 100%;
        min-height: 76px;
        resize: vertical;
      }
      blockquote {
        margin: 0;
        padding-inline-start: 12px;
        border-inline-start: 3px solid var(--divider-color, #ccc);
      }
    `,
  ];

  @state() private _notes: readonly Note[] = [];
  @state() private _sources: ReadonlyMap<string, StoredMessage> = new Map();
  @query("#text") private _text!: HTMLTextAreaElement;
  @query("#household") private _household!: HTMLInputElement;
  @query("#who") private _who!: HTMLSelectElement | null;

  protected override async fill(): Promise<void> {
    this._notes = (await this.ask<{ notes: Note[] }>("notes/list")).notes;
  }

  protected override content() {
    const { words } = this;
    return html`<div class="page">
      <h2>${words("page_memories")}</h2>
      ${this._new()}
      ${
        this._notes.length || this.loading
          ? html`<ul aria-label=${words("page_memories")}>
              ${this._notes.map((note) => this._note(note))}
            </ul>`
          : html`<p class="empty">${words("no_memories")}</p>`
      }
    </div>`;
  }

  private _new() {
    const { words } = this;
    return html`<form class="panel" @submit=${this._add}>
      <label class="field"
        >${words("remember_this")}<textarea id="text" required maxlength="2000"></textarea>
      </label>
      <div class="bar">
        ${
          this.characters.length > 1
            ? html`<select id="who" aria-label=${words("who_knows")}>
                <option value="">${words("all_characters")}</option>
                ${this.characters.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
              </select>`
            : nothing
        }
        <label class="check grow"
          ><input type="checkbox" id="household" />${words("for_household")}</label
        >
        <button class="main" type="submit">${words("remember")}</button>
      </div>
    </form>`;
  }

  private _note(note: Note) {
    const { words } = this;
    const source = this._sources.get(note.id);
    return html`<li class="panel">
      <p class="text" dir="auto">${note.text}</p>
      <p class="quiet">${this._about(note)}</p>
      ${
        source
          ? html`<blockquote>
              <p dir="auto">${source.display}</p>
              <p class="quiet">${this.date(source.created_ms, "long")}</p>
            </blockquote>`
          : nothing
      }
      <div class="bar">
        <button aria-pressed=${note.pinned ? "true" : "false"} @click=${() => this._pin(note)}>
          ${words(note.pinned ? "unpin" : "pin")}
        </button>
        <button @click=${() => this._change(note)}>${words("change")}</button>
        ${
          note.source_id !== null && !source
            ? html`<button @click=${() => this._source(note)}>${words("source")}</button>`
            : nothing
        }
        <button class="danger" @click=${() => this._forget(note)}>${words("forget")}</button>
      </div>
    </li>`;
  }

  private _about(note: Note) {
    return joined([
      note.pinned ? this.words("pinned") : "",
      note.audience === "household" ? this.words("household") : "",
      note.character === null ? this.words("all_characters") : this.nameOf(note.character),
      this.date(note.created_ms),
    ]);
  }

  private async _add(event: Event): Promise<void> {
    event.preventDefault();
    const text = this._text.value.trim();
    if (!text) return;
    const character = this._who?.value;
    const fields = {
      text,
      household: this._household.checked,
      ...(character ? { character } : {}),
    };
    if (!(await this.act(() => this.ask("notes/add", fields)))) return;
    this._text.value = "";
    await this.reload();
  }

  private async _pin({ id, pinned }: Note): Promise<void> {
    await this.act(() => this.ask("notes/change", { note_id: id, pinned: !pinned }));
    await this.reload();
  }

  private async _change({ id, text }: Note): Promise<void> {
    const { words } = this;
    const changed = await Sheet.ask(this.renderRoot, {
      title: words("change"),
      confirm: words("save"),
      cancel: words("cancel"),
      input: { label: words("remember_this"), value: text },
    });
    if (!changed?.trim()) return;
    await this.act(() => this.ask("notes/change", { note_id: id, text: changed.trim() }));
    await this.reload();
  }

  /** Show the words from which she has it. */
  private async _source(note: Note): Promise<void> {
    await this.act(async () => {
      const message = await this.ask<StoredMessage>("message/get", { message_id: note.source_id });
      this._sources = new Map([...this._sources, [note.id, message]]);
    });
  }

  private async _forget(note: Note): Promise<void> {
    const { words } = this;
    const sure = await Sheet.ask(this.renderRoot, {
      title: words("forget_sure"),
      body: note.text,
      confirm: words("forget"),
      cancel: words("cancel"),
      danger: true,
    });
    if (sure === null) return;
    if (!(await this.act(() => this.ask("notes/forget", { note_id: note.id })))) return;
    showToast(this, { text: words("forgotten") });
    await this.reload();
  }
}

define("waifu-rt3d-page-memories", MemoriesPage);

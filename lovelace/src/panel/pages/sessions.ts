/** The conversations: find, open, rename, pin, archive, delete with a way back, bring and take away. */

import { css, html } from "lit";
import { state } from "lit/decorators.js";
import { Companion } from "../../companion/companion.js";
import { define } from "../../ui/define.js";
import { download, follow, upload } from "../house.js";
import { PanelPage } from "../page.js";
import { pageStyles } from "../page-styles.js";
import "../parts/drop.js";
import { Menu } from "../parts/menu.js";
import "../parts/rows.js";
import { Sheet } from "../parts/sheet.js";
import { showToast } from "../parts/toast.js";
import { Found, type Hit, type Session } from "./session-search.js";
import { ROW_LOOKS, sessionRow } from "./session-row.js";

const UNDO_MS = 20_000;
const TYPING_MS = 250;
const FORMATS = ["json", "markdown", "text", "sillytavern", "openai"] as const;

/** How far an import is; the last word names an encoding that had to be guessed. */
interface Arriving {
  stored: number;
  total: number;
  encoding?: string;
}

export class SessionsPage extends PanelPage {
  static override styles = [
    pageStyles,
    css`
      :host {
        overflow: hidden;
      }
      .page {
        display: flex;
        flex-direction: column;
        gap: 12px;
        height: 100%;
      }
      waifu-rt3d-rows {
        flex: 1;
        min-height: 120px;
      }
    `,
  ];

  @state() private _words = "";
  @state() private _character = "";
  @state() private _archived = false;
  @state() private _found: Found = Found.nothing;
  @state() private _importing: Arriving | null = null;
  private _typing: ReturnType<typeof setTimeout> | null = null;

  protected override async fill(): Promise<void> {
    this._found = await this._search(0);
  }

  protected override content() {
    const { words } = this;
    const { rows } = this._found;
    return html`<div class="page">
      <div class="bar">
        <input
          class="grow"
          type="search"
          placeholder=${words("search_talks")}
          aria-label=${words("search_talks")}
          .value=${this._words}
          @input=${this._type}
        />
        ${this.characterChoice(this._character, (id) => {
          this._character = id;
          void this.reload();
        })}
        <label class="check"
          ><input type="checkbox" .checked=${this._archived} @change=${this._toggle} />${words(
            "archived",
          )}</label
        >
      </div>
      ${
        rows.length
          ? html`<waifu-rt3d-rows
              .items=${rows}
              .height=${76}
              .looks=${ROW_LOOKS}
              .label=${words("page_sessions")}
              .keyOf=${(row: Session | Hit) => ("message_id" in row ? `m${row.message_id}` : row.id)}
              .row=${(row: Session | Hit) => this._row(row)}
              @more=${this._more}
            ></waifu-rt3d-rows>`
          : html`<p class="empty grow">
              ${this.loading ? words("loading") : words(this._words ? "nothing_found" : "no_talks")}
            </p>`
      }
      <p class="unseen" role="status">${this._count()}</p>
      ${this._bring()}
    </div>`;
  }

  private _count(): string {
    return this.loading
      ? ""
      : this.words("count_talks", { count: String(this._found.rows.length) });
  }

  private _bring() {
    const going = this._importing;
    return html`<div class="bar">
      <waifu-rt3d-drop
        class="grow"
        accept=".json,.jsonl,.zip,.txt,.md"
        .label=${this.words("import_talks")}
        .hint=${this.words("import_hint")}
        ?busy=${going !== null}
        @file=${(event: CustomEvent<File>) => this._import(event.detail)}
      ></waifu-rt3d-drop>
      ${
        going
          ? html`<label class="field grow"
              >${this.words("importing", { stored: String(going.stored), total: String(going.total) })}
              <progress max=${going.total || 1} value=${going.stored}></progress
            ></label>`
          : html`<button @click=${(event: Event) => this._export(event)}>
              ${this.words("export_all")}
            </button>`
      }
    </div>`;
  }

  private _row(row: Session | Hit) {
    return sessionRow(row, {
      words: this.words,
      date: (at_ms) => this.date(at_ms),
      name: (id) => this.nameOf(id),
      open: (id) => void this._open(id),
      menu: (event, session) => this._menu(event, session),
    });
  }

  private _menu(event: Event, session: Session): void {
    const { words } = this;
    const button = event.currentTarget as HTMLElement;
    void Menu.open(
      button,
      [
        { label: words("open"), act: () => void this._open(session.id) },
        { label: words("rename"), act: () => void this._rename(session) },
        { label: words(session.pinned ? "unpin" : "pin"), act: () => this._mark(session, "pin") },
        {
          label: words(session.archived ? "unarchive" : "archive"),
          act: () => this._mark(session, "archive"),
        },
        { label: words("export"), act: () => this._formats(button, session.id) },
        { label: words("delete"), danger: true, act: () => void this._delete(session) },
      ],
      session.title,
    );
  }

  private _formats(button: HTMLElement, session_id?: string): void {
    const items = FORMATS.map((format) => ({
      label: this.words(`format_${format}`),
      act: () => void this._take(format, session_id),
    }));
    void Menu.open(button, items, this.words("export"));
  }

  private _export(event: Event): void {
    this._formats(event.currentTarget as HTMLElement);
  }

  private async _take(format: string, session_id?: string): Promise<void> {
    await this.act(async () => {
      const fields = { format, ...(session_id ? { session_id } : {}) };
      const { url, name } = await this.ask<{ url: string; name: string }>("export", fields);
      download(url, name);
    });
  }

  /** Go on in a conversation, on the first page. */
  private async _open(session_id: string): Promise<void> {
    await this.act(async () => {
      await Companion.of(this.hass.connection).replies.openSession(session_id);
      this.dispatchEvent(
        new CustomEvent("waifu-rt3d-go", { detail: "talk", bubbles: true, composed: true }),
      );
    });
  }

  private async _rename(session: Session): Promise<void> {
    const { words } = this;
    const title = await Sheet.ask(this.renderRoot, {
      title: words("rename"),
      body: words("rename_hint"),
      confirm: words("save"),
      cancel: words("cancel"),
      input: { label: words("title"), value: session.title },
    });
    if (title === null) return;
    await this.act(() => this.ask("session/rename", { session_id: session.id, title }));
    await this.reload();
  }

  private _mark(session: Session, what: "pin" | "archive"): void {
    const value = what === "pin" ? { pinned: !session.pinned } : { archived: !session.archived };
    void this.act(() => this.ask(`session/${what}`, { session_id: session.id, ...value })).then(
      () => this.reload(),
    );
  }

  private async _delete(session: Session): Promise<void> {
    const gone = await this.act(() => this.ask("session/delete", { session_id: session.id }));
    if (!gone) return;
    this._found = this._found.without(session.id);
    showToast(this, {
      text: this.words("deleted", { title: session.title }),
      stays_ms: UNDO_MS,
      action: { label: this.words("undo"), act: () => void this._restore(session) },
    });
  }

  private async _restore(session: Session): Promise<void> {
    await this.act(() => this.ask("session/restore", { session_id: session.id }));
    await this.reload();
  }

  private async _import(file: File): Promise<void> {
    this._importing = { stored: 0, total: 0 };
    const done = await this.act(async () => {
      const file_id = await upload(this.hass, file);
      const fields = { file_id, ...(this._character ? { character: this._character } : {}) };
      await follow(this.hass, "import", fields, (event) => {
        this._importing = event as Arriving;
      });
    });
    const { total, encoding } = this._importing;
    this._importing = null;
    if (!done) return;
    const count = String(total);
    showToast(this, {
      text: encoding
        ? this.words("imported_as", { count, encoding })
        : this.words("imported", { count }),
    });
    await this.reload();
  }

  private _type(event: Event): void {
    this._words = (event.target as HTMLInputElement).value;
    if (this._typing) clearTimeout(this._typing);
    this._typing = setTimeout(() => void this.reload(), TYPING_MS);
  }

  private _toggle(event: Event): void {
    this._archived = (event.target as HTMLInputElement).checked;
    void this.reload();
  }

  private async _more(): Promise<void> {
    if (!this._found.more || this.loading) return;
    this.loading = true;
    await this.act(async () => {
      const next = await this._search(this._found.rows.length);
      this._found = this._found.followedBy(next);
    });
    this.loading = false;
  }

  private _search(offset: number): Promise<Found> {
    return Found.ask((command, fields) => this.ask(command, fields), {
      words: this._words.trim(),
      character: this._character,
      archived: this._archived,
      offset,
    });
  }
}

define("waifu-rt3d-page-sessions", SessionsPage);

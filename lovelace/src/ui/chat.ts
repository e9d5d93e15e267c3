/** The conversation as text: what was said, what is being said, and the word that sounds now. */

import { html, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { Companion } from "../companion/companion.js";
import { alignOffsets } from "../director/offsets.js";
import { displayOf, speechOf, type Turn } from "../ha/conversation.js";
import type { StoredMessage } from "../ha/history.js";
import { chatStyles } from "./chat-styles.js";
import { define } from "./define.js";
import { GuardedElement } from "./guarded-element.js";
import {
  againIcon,
  backIcon,
  copyIcon,
  editIcon,
  forthIcon,
  moreIcon,
  soundIcon,
} from "./icons.js";
import { receiptLine } from "./receipt.js";
import { imagesIn } from "./tool-images.js";
import { isKey, type Key, type Translate, translator } from "./translate.js";

/** What a person wants with something that was said. */
export type ChatAct =
  { kind: "edit" | "regenerate" | "speak"; turn: Turn } | { kind: "walk"; message_id: number };

/** Whoever has scrolled up further than this is reading, and is left there. */
const NEAR_END_PX = 60;
/** Whoever comes as near to the beginning is given what was said earlier. */
const NEAR_START_PX = 1600;

/** How far down the spoken word stands. */
const WORD_AT = 0.4;

export class Chat extends GuardedElement {
  static override styles = chatStyles;

  @property({ attribute: false }) turns: readonly Turn[] = [];
  @property() name = "";
  /** She is there to be greeted. */
  @property({ type: Boolean }) hello = false;
  @property({ attribute: false }) say: Translate = translator("en");
  @property() language: string | undefined;
  @property({ attribute: false }) companion: Companion | null = null;
  /** The turns whose details are open. */
  @state() private _open: ReadonlySet<string> = new Set();
  private _atEnd = true;
  private _left = 0;
  private _sizes: ResizeObserver | null = null;
  /** The height before earlier messages came, so that what is read stays where it is. */
  private _height = 0;

  private get _spoken(): string | null {
    return this.companion?.spoken?.id ?? null;
  }

  private get _session(): string | null {
    return this.companion?.session?.id ?? null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("scroll", this._scrolled, { passive: true });
    if (this.hasUpdated) this._watchSizes();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._sizes?.disconnect();
    this._sizes = null;
  }

  override firstUpdated(): void {
    this._watchSizes();
  }

  /** Stay at the end when a picture arrives, details open or a notice takes room. */
  private _watchSizes(): void {
    this._sizes = new ResizeObserver(() => {
      if (this._atEnd) this._follow();
    });
    this._sizes.observe(this);
    this._sizes.observe(this.renderRoot.querySelector("ol")!);
  }

  override willUpdate(): void {
    this._height = this.scrollHeight;
  }

  override updated(changed: PropertyValues<this>): void {
    if (this._atEnd) this._follow();
    else if (this._earlier(changed.get("turns")))
      this.scrollTop += this.scrollHeight - this._height;
  }

  override render() {
    return html`${this._session ? this._sessions() : nothing}
      <ol aria-label=${this.say("chat", { name: this.name })}>
        ${
          this.turns.length
            ? repeat(
                this.turns,
                (turn) => turn.id,
                (turn) => this._item(turn),
              )
            : html`<li class="empty">
                ${this.hello ? this.say("hello", { name: this.name }) : nothing}
              </li>`
        }
      </ol>`;
  }

  /** Offer the conversations of before, and a new one. */
  private _sessions() {
    const known = (this.companion?.sessions ?? []).some(({ id }) => id === this._session);
    return html`<select aria-label=${this.say("conversations")} @change=${this._choose}>
      <option value="">${this.say("new_conversation")}</option>
      ${known ? nothing : html`<option value=${this._session!} selected>${this.say("this_conversation")}</option>`}
      ${(this.companion?.sessions ?? []).map(
        ({ id, title, updated_ms }) =>
          html`<option value=${id} ?selected=${id === this._session}>
            ${title || this._time(updated_ms)}
          </option>`,
      )}
    </select>`;
  }

  private _choose(event: Event): void {
    const detail = (event.target as HTMLSelectElement).value || null;
    this.dispatchEvent(new CustomEvent("session", { detail }));
  }

  /**
   * Stay at the end, or with the word that is spoken where the answer is longer than the place.
   * Who has scrolled since is asked here too: a word may come before the frame that tells of it.
   */
  private _follow(): void {
    if (!this._unmoved() && !this._atEnd) return;
    const end = this.scrollHeight - this.clientHeight;
    const word = this.renderRoot.querySelector("mark")?.getBoundingClientRect();
    const above = word ? word.top - this.getBoundingClientRect().top : Infinity;
    this.scrollTop = Math.min(end, this.scrollTop + above - this.clientHeight * WORD_AT);
    this._left = this.scrollTop;
  }

  /** Tell whether it stands where it was left; else take where it stands as somebody's wish. */
  private _unmoved(): boolean {
    if (Math.abs(this.scrollTop - this._left) < 2) return true;
    this._atEnd = this.scrollHeight - this.scrollTop - this.clientHeight < NEAR_END_PX;
    this._left = this.scrollTop;
    return false;
  }

  private readonly _scrolled = (): void => {
    if (this._unmoved()) return;
    if (this.scrollTop < NEAR_START_PX && this._session)
      // Who can't have it now scrolls again.
      void this.companion?.openEarlier().catch(() => undefined);
  };

  /** Tell whether something was put before what stood there. */
  private _earlier(before: readonly Turn[] | undefined): boolean {
    const first = before?.[0]?.id;
    return (
      first !== undefined &&
      first !== this.turns[0]?.id &&
      this.turns.some(({ id }) => id === first)
    );
  }

  /** Draw a turn anew only when it has changed: a word more must not cost a thousand messages. */
  private _item(turn: Turn) {
    const word = turn.id === this._spoken ? this.companion?.word?.at_ms : null;
    const open = this._open.has(turn.id);
    const depends = [turn.id, turn.revision, turn.state, word, open, this.say, this.language];
    const last = turn === this.turns[this.turns.length - 1];
    return html`<li class=${last ? "" : "past"}>${guard(depends, () => this._turn(turn))}</li>`;
  }

  private _turn(turn: Turn) {
    const shown = displayOf(turn);
    const waits = turn.state !== "heard" && !shown;
    return html`${
      turn.heard
        ? html`<p class=${turn.heard_final ? "mine" : "mine partial"} dir="auto">${turn.heard}</p>`
        : nothing
    }
    ${turn.question ? this._questionActs(turn, turn.question) : nothing}
    ${
      shown
        ? html`<p class="hers" dir="auto"><span>${this._marked(turn, shown)}</span></p>`
        : nothing
    }
    ${this._pictures(turn)}
    ${shown && turn.state === "heard" ? this._answerActs(turn, shown) : nothing}
    ${this._open.has(turn.id) ? this._details(turn) : nothing}
    ${waits ? this._waiting(turn) : nothing} ${this._ending(turn, shown)}`;
  }

  private _questionActs(turn: Turn, question: StoredMessage) {
    return html`<div class="acts own">
      ${this._arrows(question)}
      <time datetime=${new Date(turn.at_ms).toISOString()}>${this._time(turn.at_ms)}</time>
      ${this._button("edit", editIcon, () => this._tell({ kind: "edit", turn }))}
    </div>`;
  }

  private _answerActs(turn: Turn, shown: string) {
    const { answer } = turn;
    return html`<div class="acts">
      ${answer ? this._arrows(answer) : nothing}
      ${this._button("copy", copyIcon, () => void copy(shown))}
      ${
        answer
          ? html`${this._button("speak_again", soundIcon, () => this._tell({ kind: "speak", turn }))}
            ${this._button("regenerate", againIcon, () => this._tell({ kind: "regenerate", turn }))}`
          : nothing
      }
      ${this._receipt(turn)}
    </div>`;
  }

  /** Say in a few words who helped; a touch opens the rest. */
  private _receipt(turn: Turn) {
    if (!turn.receipt) return nothing;
    const { icon, text } = receiptLine(turn.receipt, this.say);
    return html`<button
      class="receipt"
      aria-expanded=${this._open.has(turn.id) ? "true" : "false"}
      title=${this.say("details")}
      @click=${() => this._toggle(turn)}
    >
      ${icon}<span>${text}</span><span class="more">${moreIcon}</span>
    </button>`;
  }

  private _toggle({ id }: Turn): void {
    const open = new Set(this._open);
    if (!open.delete(id)) open.add(id);
    this._open = open;
    // Its code comes only when it is wanted.
    void import("./reply-details.js");
  }

  private _details(turn: Turn) {
    return html`<waifu-rt3d-details
      .companion=${this.companion}
      .turn=${turn}
      .say=${this.say}
      .language=${this.language}
    ></waifu-rt3d-details>`;
  }

  /** Show the pictures that tools gave. */
  private _pictures(turn: Turn) {
    const results = turn.tools.filter(({ failed }) => !failed).map(({ result }) => result);
    const urls = [...new Set(imagesIn(results))];
    if (!urls.length) return nothing;
    const label = this.say("picture_of_tool");
    return html`<div class="pictures">
      ${urls.map((url) => html`<img src=${url} alt=${label} loading="lazy" />`)}
    </div>`;
  }

  /** Lead to what was said in the same place instead. */
  private _arrows({ id, alternatives }: StoredMessage) {
    if (alternatives.length < 2) return nothing;
    const at = alternatives.indexOf(id);
    const to = (place: number) => () =>
      this._tell({ kind: "walk", message_id: alternatives[place]! });
    return html`${this._button("back", backIcon, to(at - 1), at === 0)}
      <span>${at + 1}/${alternatives.length}</span>
      ${this._button("forth", forthIcon, to(at + 1), at === alternatives.length - 1)}`;
  }

  private _button(key: Key, sign: unknown, act: () => void, off = false) {
    const label = this.say(key);
    return html`<button aria-label=${label} title=${label} ?disabled=${off} @click=${act}>
      ${sign}
    </button>`;
  }

  private _tell(detail: ChatAct): void {
    this.dispatchEvent(new CustomEvent("act", { detail }));
  }

  /** Write a time as it is said in this language; the day only where it is not today. */
  private _time(at_ms: number): string {
    const at = new Date(at_ms);
    const today = at.toDateString() === new Date().toDateString();
    const day = today ? {} : ({ day: "numeric", month: "short" } as const);
    return at.toLocaleString(this.language, { ...day, hour: "numeric", minute: "2-digit" });
  }

  private _waiting(turn: Turn) {
    const label = this.say(turn.state === "listening" ? "listening" : "thinking");
    if (turn.state === "listening")
      return turn.heard ? nothing : html`<p class="quiet">${label}</p>`;
    return html`<p class="hers dots" aria-label=${label} role="img"><i></i><i></i><i></i></p>`;
  }

  /** Say how a turn ended, where it did not end well. */
  private _ending(turn: Turn, shown: string) {
    if (turn.error)
      return html`<p class="quiet error">
        ${this._sentence(turn.error)}${turn.problem_id ? html` <small>${turn.problem_id}</small>` : nothing}
      </p>`;
    if (turn.cancelled) {
      const key = shown && turn.cut_ms !== null ? "cut" : "cancelled";
      return html`<p class="quiet">${this.say(key)}</p>`;
    }
    if (turn.state === "heard" && !shown) return html`<p class="quiet">${this.say("no_reply")}</p>`;
    return nothing;
  }

  private _sentence(error: string): string {
    const key = `error_${error}`;
    return isKey(key) ? this.say(key) : this.say("error_unknown", { code: error });
  }

  /** Mark the spoken word in the shown text. */
  private _marked(turn: Turn, shown: string) {
    const word = this.companion?.word;
    if (!word || turn.id !== this._spoken) return shown;
    const places = alignOffsets(shown, speechOf(turn));
    const start = places[word.offset];
    const last = places[word.offset + word.length - 1];
    if (start === undefined || last === undefined) return shown;
    const points = [...shown];
    const cut = (from: number, to?: number) => points.slice(from, to).join("");
    return html`${cut(0, start)}<mark>${cut(start, last + 1)}</mark>${cut(last + 1)}`;
  }
}

/** Copy a text; on plain http there is no clipboard, only the old way by a selection. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
    document.execCommand("copy");
    field.remove();
  }
}

define("waifu-rt3d-chat", Chat);

/** The whole companion in one element: card and page put it into their frames. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Barrier, missingMicrophone } from "../audio/access.js";
import { Companion } from "../companion/companion.js";
import { type TimelineDocument, wordAt } from "../director/index.js";
import { displayOf, speechOf, type Turn } from "../ha/conversation.js";
import { type Hass, languageOf } from "../ha/hass.js";
import type { Character } from "../ha/messages.js";
import type { ChatAct } from "./chat.js";
import "./chat.js";
import type { Composer } from "./composer.js";
import "./composer.js";
import type { CompanionConfig } from "./config.js";
import { consentButtons } from "./consent.js";
import { define } from "./define.js";
import { closeIcon, soundIcon } from "./icons.js";
import { problemOf } from "./problem.js";
import type { Frozen, StageState, StageView } from "./stage-view.js";
import "./stage-view.js";
import { subtitleAt } from "./subtitle.js";
import { keep, recall } from "./told.js";
import { type Key, translator } from "./translate.js";
import { viewStyles } from "./view-styles.js";

const INSECURE_TOLD = "waifu-rt3d-insecure-told";

export class CompanionView extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) hass?: Hass;
  @property({ attribute: false }) config!: CompanionConfig;
  @property({ type: Boolean }) preview = false;
  /** The page has more room than a card. */
  @property({ type: Boolean, reflect: true }) page = false;
  @query("waifu-rt3d-stage") private _stage!: StageView | null;
  @query("waifu-rt3d-composer") private _composer!: Composer | null;

  private _companion: Companion | null = null;
  private _unlisten: (() => void) | null = null;
  /** The turn whose question is being changed. */
  @state() private _editing: Turn | null = null;
  /** The person knows that there is no microphone here. */
  private _told = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this._attend();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._unlisten?.();
    this._unlisten = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("hass")) this._attend();
  }

  override shouldUpdate(changed: PropertyValues<this>): boolean {
    // `hass` is new at every state change of the house; only its language matters here.
    const before = changed.get("hass");
    const onlyHass = changed.size === 1 && changed.has("hass") && before !== undefined;
    return !onlyHass || languageOf(before) !== languageOf(this.hass) || this._moved();
  }

  freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    if (!this._stage) return Promise.reject(new Error("this layout shows no avatar"));
    return this._stage.freezeAt(documents, audio_ms);
  }

  thaw(): void {
    this._stage?.thaw();
  }

  stageState(): StageState | null {
    return this._stage?.stageState() ?? null;
  }

  override render() {
    const { layout } = this.config;
    return html`<div class="view ${layout}" @keydown=${this._key}>
      ${layout === "text" ? nothing : this._picture()}
      ${layout === "avatar" ? nothing : this._talk()}
      <div class="announce" aria-live="polite">${this._announcement()}</div>
    </div>`;
  }

  private get _say() {
    return translator(languageOf(this.hass));
  }

  private get _character(): Character | null {
    const characters = this._companion?.characters ?? [];
    const wanted = this.config.character;
    return (wanted ? characters.find(({ id }) => id === wanted) : characters[0]) ?? null;
  }

  private get _name(): string {
    return this._character?.name ?? this._say("name");
  }

  /** Tell whether Home Assistant gave us another connection. */
  private _moved(): boolean {
    return this.hass !== undefined && this._companion !== Companion.of(this.hass.connection);
  }

  /** Listen to the companion behind this connection. */
  private _attend(): void {
    if (!this.hass || !this.isConnected) return;
    // The card picker must stay cheap; where she is in the page already, the editor may show her.
    if (this.preview && !Companion.isKnown(this.hass.connection)) return;
    if (this._unlisten && !this._moved()) return;
    this._unlisten?.();
    this._companion = Companion.of(this.hass.connection);
    this._unlisten = this._companion.listen(() => this._changed());
    this.requestUpdate();
  }

  private _changed(): void {
    const { layout, character } = this.config;
    const chats = layout === "chat" || layout === "text";
    if (chats && !this.preview && this._companion?.link === "ready")
      void this._companion.openHistory(character);
    this.requestUpdate();
  }

  private _picture() {
    const character = this._character;
    const connecting = !character && this._companion?.link === "connecting";
    return html`<div class="picture">
      ${
        connecting
          ? nothing
          : html`<waifu-rt3d-stage
              .companion=${this._companion}
              .url=${character?.avatar_url ?? null}
              .colours=${character?.avatar_colours ?? {}}
              .framing=${this.config.framing}
              .quality=${this.config.quality}
              .name=${this._name}
              .say=${this._say}
              ?absent=${!character}
              ?cheap=${this.preview}
            ></waifu-rt3d-stage>`
      }
      ${this._status()} ${this.config.layout === "subtitles" ? this._subtitles() : nothing}
      ${this._soundButton()}
      ${this.config.layout === "avatar" ? html`${this._bareMicrophone()}${this._notice()}` : nothing}
    </div>`;
  }

  /** Say in a word what she is doing. */
  private _status() {
    if (!this._companion) return nothing;
    const activity = this._companion.activity(performance.now());
    return html`<button
      class="status ${activity}"
      title=${this._say("checks")}
      @click=${this._openChecks}
    >
      <i></i><span>${this._name}</span><span class="activity">${this._say(activity)}</span>
    </button>`;
  }

  private _subtitles() {
    const companion = this._companion;
    const act = companion?.performance;
    const turn = act ? companion.conversation.turn(act.turn_id) : companion?.conversation.latest;
    if (!turn) return nothing;
    if (turn.state === "heard" && !act) return this._unspoken(turn);
    const speech = turn.timeline.text || speechOf(turn);
    if (!speech) return turn.heard ? html`<p class="subtitle heard">${turn.heard}</p>` : nothing;
    const word = companion?.word ?? (act ? wordAt(turn.timeline, 0) : null);
    const { before, word: spoken, after } = subtitleAt(speech, word);
    return html`<p class="subtitle" dir="auto">${before}<mark>${spoken}</mark>${after}</p>`;
  }

  /** Show a reply that was not spoken, so that it can be read; a spoken one has been heard. */
  private _unspoken(turn: Turn) {
    if (turn.timeline.end_ms) return nothing;
    const shown = displayOf(turn);
    return shown ? html`<p class="subtitle read" dir="auto" tabindex="0">${shown}</p>` : nothing;
  }

  private _soundButton() {
    if (!this._companion?.soundLocked) return nothing;
    return html`<button class="sound" @click=${() => void this._companion?.unlock()}>
      ${soundIcon}<span>${this._say("tap_for_sound", { name: this._name })}</span>
    </button>`;
  }

  private _talk() {
    const companion = this._companion;
    return html`<div class="talk">
      ${
        this.config.layout === "subtitles"
          ? nothing
          : html`<waifu-rt3d-chat
              tabindex="0"
              .turns=${companion?.conversation.turns ?? []}
              .word=${companion?.word ?? null}
              .spoken=${companion?.performance?.turn_id ?? null}
              .name=${this._name}
              .say=${this._say}
              .sessions=${companion?.sessions ?? []}
              .session=${companion?.session?.id ?? null}
              .language=${languageOf(this.hass)}
              ?hello=${companion?.link === "ready"}
              @act=${this._act}
              @session=${this._switch}
            ></waifu-rt3d-chat>`
      }
      ${this._notice()} ${consentButtons(companion, this.hass, (word) => void this._ask(word))}
      ${this._editing ? this._editStrip() : nothing}
      <waifu-rt3d-composer
        .name=${this._name}
        .say=${this._say}
        .listener=${companion?.listener ?? null}
        .listening=${companion?.listener.state ?? "off"}
        ?busy=${this._busy}
        ?barred=${this._barrier !== null}
        ?offline=${companion?.link !== "ready"}
        @send=${this._send}
        @stop=${() => companion?.cancel()}
        @press=${this._press}
        @release=${() => companion?.listener.release()}
        @discard=${() => companion?.listener.abandon()}
      ></waifu-rt3d-composer>
    </div>`;
  }

  /** Speak without a line to write in. */
  private _bareMicrophone() {
    const companion = this._companion;
    if (!companion) return nothing;
    return html`<waifu-rt3d-microphone
      class="bare"
      .listener=${companion.listener}
      .say=${this._say}
      .state=${companion.listener.state}
      ?barred=${this._barrier !== null}
      ?offline=${companion.link !== "ready"}
      @press=${this._press}
      @release=${() => companion.listener.release()}
    ></waifu-rt3d-microphone>`;
  }

  /** What stands between this page and a microphone, as far as it is known. */
  private get _barrier(): Barrier | null {
    return missingMicrophone() ?? this._companion?.listener.barrier ?? null;
  }

  private _press(): void {
    // What no tap can change is explained; what the person may have changed is tried again.
    if (missingMicrophone()) {
      this._openChecks();
      return;
    }
    const { character, speak, hands_free } = this.config;
    this._companion?.press({ speak, hands_free, ...(character ? { character } : {}) });
  }

  /** Show what works here; its code comes only when it is wanted. */
  private _openChecks(): void {
    void import("./checks.js").then(({ Checks }) => {
      Checks.open(this.renderRoot, {
        hass: this.hass,
        companion: this._companion,
        say: this._say,
        language: languageOf(this.hass),
      });
    });
  }

  private get _busy(): boolean {
    const companion = this._companion;
    return Boolean(
      companion?.conversation.running ??
      (companion?.performance?.speaking(performance.now()) ||
        (companion && companion.listener.state !== "off")),
    );
  }

  /** Say what is wrong, in one sentence, with the way out. */
  private _notice() {
    const key = this._problem();
    if (!key) return nothing;
    return html`<div class="notice" role="alert">
      <span>${this._say(key, { name: this.config.character ?? "" })}</span>
      ${this._wayOut(key)}
    </div>`;
  }

  /** Give the buttons that belong to a notice. */
  private _wayOut(key: Key) {
    const companion = this._companion;
    if (key === "link_missing" || key === "link_failed")
      return html`<button @click=${() => companion?.retry()}>${this._say("retry")}</button>`;
    const explains = key.startsWith("microphone_");
    const closes = explains || companion?.trouble;
    return html`${
      explains
        ? html`<button @click=${this._openChecks}>${this._say("what_to_do")}</button>`
        : nothing
    }
    ${
      closes
        ? html`<button aria-label=${this._say("close")} @click=${this._dismiss}>
            ${closeIcon}
          </button>`
        : nothing
    }`;
  }

  private _problem(): Key | null {
    const told = this._told || recall(INSECURE_TOLD);
    const unknown = Boolean(this.config.character) && !this._character;
    return this._companion && problemOf(this._companion, { unknown, told });
  }

  private _dismiss(): void {
    const companion = this._companion;
    if (companion?.trouble) {
      companion.dismiss();
      return;
    }
    if (companion?.listener.barrier) companion.listener.forgive();
    this._told = true;
    keep(INSECURE_TOLD);
    this.requestUpdate();
  }

  /** Give the last whole reply: a screen reader shall not read it anew with every piece. */
  private _announcement(): string {
    const latest = this._companion?.conversation.latest;
    return latest?.state === "heard" ? displayOf(latest) : "";
  }

  /** Say which question is being changed, with a way back. */
  private _editStrip() {
    return html`<div class="notice">
      <span>${this._say("editing")}</span>
      <button aria-label=${this._say("close")} @click=${this._stopEditing}>${closeIcon}</button>
    </div>`;
  }

  private _stopEditing(): void {
    this._editing = null;
    this._composer?.replace("");
  }

  private async _act({ detail }: CustomEvent<ChatAct>): Promise<void> {
    const companion = this._companion;
    switch (detail.kind) {
      case "edit":
        this._editing = detail.turn;
        await this.updateComplete;
        this._composer?.replace(detail.turn.heard);
        break;
      case "regenerate":
        await companion?.regenerate(detail.turn, this.config.speak);
        break;
      case "walk":
        await companion?.walk(detail.message_id);
        break;
    }
  }

  private _switch({ detail }: CustomEvent<string | null>): void {
    this._editing = null;
    void this._companion?.openSession(detail, this.config.character);
  }

  private async _send(event: CustomEvent<string>): Promise<void> {
    const editing = this._editing;
    this._editing = null;
    const taken = editing
      ? await this._companion?.edit(editing, event.detail, this.config.speak)
      : await this._ask(event.detail);
    if (!taken) this._composer?.restore(event.detail);
  }

  private async _ask(text: string): Promise<boolean | undefined> {
    const { character, speak } = this.config;
    return this._companion?.send(text, { speak, ...(character ? { character } : {}) });
  }

  private _key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this._busy) return;
    event.stopPropagation();
    event.preventDefault();
    this._companion?.cancel();
  }
}

define("waifu-rt3d-view", CompanionView);

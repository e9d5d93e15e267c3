/** The whole companion in one element: card and page put it into their frames. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query } from "lit/decorators.js";
import { Companion } from "../companion/companion.js";
import { type TimelineDocument, wordAt } from "../director/index.js";
import { displayOf, speechOf, type Turn } from "../ha/conversation.js";
import { type Hass, languageOf } from "../ha/hass.js";
import type { Character } from "../ha/messages.js";
import "./chat.js";
import type { Composer } from "./composer.js";
import "./composer.js";
import type { CompanionConfig } from "./config.js";
import { define } from "./define.js";
import { closeIcon, soundIcon } from "./icons.js";
import type { Frozen, StageState, StageView } from "./stage-view.js";
import "./stage-view.js";
import { subtitleAt } from "./subtitle.js";
import { type Key, translator } from "./translate.js";
import { viewStyles } from "./view-styles.js";

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
    this._unlisten = this._companion.listen(() => this.requestUpdate());
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
              .framing=${this.config.framing}
              .quality=${this.config.quality}
              .name=${this._name}
              .say=${this._say}
              ?absent=${!character}
              ?cheap=${this.preview}
            ></waifu-rt3d-stage>`
      }
      ${this._status()} ${this.config.layout === "subtitles" ? this._subtitles() : nothing}
      ${this._soundButton()} ${this.config.layout === "avatar" ? this._notice() : nothing}
    </div>`;
  }

  /** Say in a word what she is doing. */
  private _status() {
    if (!this._companion) return nothing;
    const activity = this._companion.activity(performance.now());
    return html`<div class="status ${activity}">
      <i></i><span>${this._name}</span><span class="activity">${this._say(activity)}</span>
    </div>`;
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
              ?hello=${companion?.link === "ready"}
            ></waifu-rt3d-chat>`
      }
      ${this._notice()}
      <waifu-rt3d-composer
        .name=${this._name}
        .say=${this._say}
        ?busy=${this._busy}
        ?offline=${companion?.link !== "ready"}
        @send=${this._send}
        @stop=${() => companion?.cancel()}
      ></waifu-rt3d-composer>
    </div>`;
  }

  private get _busy(): boolean {
    const companion = this._companion;
    return Boolean(
      companion?.conversation.running ?? companion?.performance?.speaking(performance.now()),
    );
  }

  /** Say what is wrong, in one sentence, with the way out. */
  private _notice() {
    const companion = this._companion;
    const key = this._problem();
    if (!companion || !key) return nothing;
    const retries = key === "link_missing" || key === "link_failed";
    const name = this.config.character ?? "";
    return html`<div class="notice" role="alert">
      <span>${this._say(key, { name })}</span>
      ${
        retries
          ? html`<button @click=${() => companion.retry()}>${this._say("retry")}</button>`
          : companion.trouble
            ? html`<button aria-label=${this._say("close")} @click=${() => companion.dismiss()}>
                ${closeIcon}
              </button>`
            : nothing
      }
    </div>`;
  }

  private _problem(): Key | null {
    const companion = this._companion;
    if (!companion) return null;
    if (companion.link !== "ready" && companion.link !== "connecting")
      return `link_${companion.link}`;
    if (companion.trouble) return `trouble_${companion.trouble}`;
    const unknown = companion.link === "ready" && this.config.character && !this._character;
    return unknown ? "unknown_character" : null;
  }

  /** Give the last whole reply: a screen reader shall not read it anew with every piece. */
  private _announcement(): string {
    const latest = this._companion?.conversation.latest;
    return latest?.state === "heard" ? displayOf(latest) : "";
  }

  private async _send(event: CustomEvent<string>): Promise<void> {
    const { character, speak } = this.config;
    const options = { speak, ...(character ? { character } : {}) };
    const taken = await this._companion?.send(event.detail, options);
    if (!taken) this._composer?.restore(event.detail);
  }

  private _key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this._busy) return;
    event.stopPropagation();
    this._companion?.cancel();
  }
}

define("waifu-rt3d-view", CompanionView);

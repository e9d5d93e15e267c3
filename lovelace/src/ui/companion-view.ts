/** The whole companion in one element: card and page put it into their frames. */

import { html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { missingMicrophone } from "../audio/access.js";
import { Companion } from "../companion/companion.js";
import { belongsTo } from "../companion/whereabouts.js";
import type { TimelineDocument } from "../director/index.js";
import type { Turn } from "../ha/conversation.js";
import { type Hass, languageOf } from "../ha/hass.js";
import type { Character } from "../ha/messages.js";
import { announcement } from "./announcement.js";
import { Boundaries } from "./boundaries.js";
import type { ChatAct } from "./chat.js";
import type { Composer } from "./composer.js";
import "./composer.js";
import type { CompanionConfig } from "./config.js";
import { consentButtons } from "./consent.js";
import { define, fetchElement } from "./define.js";
import { editStrip } from "./edit-strip.js";
import { HeldSpace } from "./held-space.js";
import { named } from "./named.js";
import { noticeOf } from "./notice-bar.js";
import type { PictureView } from "./picture-view.js";
import "./picture-view.js";
import { problemOf } from "./problem.js";
import { asksForRoom, roomPrompt } from "./room-prompt.js";
import type { Frozen, StageState } from "./stage-view.js";
import { besideHer, Subject } from "./subject.js";
import { keep, recall } from "./told.js";
import { skipButton } from "./skip-button.js";
import { type Key, learn, translator } from "./translate.js";
import { viewStyles } from "./view-styles.js";

const INSECURE_TOLD = "waifu-rt3d-insecure-told";

export class CompanionView extends LitElement {
  static override styles = viewStyles;

  @property({ attribute: false }) hass?: Hass;
  @property({ attribute: false }) config!: CompanionConfig;
  @property({ type: Boolean }) preview = false;
  /** The page has more room than a card. */
  @property({ type: Boolean, reflect: true }) page = false;
  @query("waifu-rt3d-picture") private _picture!: PictureView | null;
  @query("waifu-rt3d-composer") private _composer!: Composer | null;

  private _companion: Companion | null = null;
  private _unlisten: (() => void) | null = null;
  /** The turn whose question is being changed. */
  @state() private _editing: Turn | null = null;
  private readonly _boundaries = new Boundaries(this, () => [this._companion, this._say]);
  /** The person knows that there is no microphone here. */
  private _told = false;
  private readonly _subject = new Subject(this);
  private readonly _space = new HeldSpace(this, {
    press: () => this._press(),
    release: () => this._companion?.listener.release(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this._attend();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this._unlisten?.();
    this._unlisten = null;
  }

  /** Draw in the person's language from the first time on. */
  protected override scheduleUpdate() {
    const words = learn(languageOf(this.hass));
    return words ? words.then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("hass")) this._attend();
    this._space.everywhere = this.page;
  }

  override shouldUpdate(changed: PropertyValues<this>): boolean {
    // `hass` is new at every state change of the house; here its language matters, and what stands beside her.
    const before = changed.get("hass");
    const onlyHass = changed.size === 1 && changed.has("hass") && before !== undefined;
    if (!onlyHass || this._beside.length) return true;
    return languageOf(before) !== languageOf(this.hass) || this._moved();
  }

  freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    const missing = () => Promise.reject(new Error("this layout shows no avatar"));
    return this._picture?.freezeAt(documents, audio_ms) ?? missing();
  }

  thaw(): void {
    this._picture?.thaw();
  }

  stageState(): StageState | null {
    return this._picture?.stageState() ?? null;
  }

  override render() {
    const { layout } = this.config;
    return html`<div class="view ${layout}" @keydown=${this._key}>
      ${layout === "text" ? nothing : this._boundaries.part("picture", () => this._drawPicture())}
      ${layout === "avatar" ? nothing : this._talk()}
      <div class="announce" aria-live="polite">${announcement(this._companion)}</div>
    </div>`;
  }

  private get _say() {
    return translator(languageOf(this.hass));
  }

  private get _character(): Character | null {
    return named(this._companion?.characters ?? [], this.config.character);
  }

  /** The id of the character that the card names; nothing where it takes the first one. */
  private get _wanted(): string | undefined {
    return this.config.character && (this._character?.id ?? this.config.character);
  }

  /** The room that this card shows: the configured one, else the one of this browser. */
  private get _room(): string | null | undefined {
    return this.config.area ?? this._companion?.whereabouts.room;
  }

  /** The room in which she is instead of this one. */
  private get _elsewhere(): string | null {
    const id = this.preview ? undefined : this._character?.id;
    return (id && this._companion?.whereabouts.elsewhere(id, this._room)) || null;
  }

  /** The entities that the answer of the moment is about. */
  private get _beside(): readonly string[] {
    return this._elsewhere ? [] : this._subject.entities;
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
    const [companion, { layout }, character] = [this._companion, this.config, this._wanted];
    if (!this.preview && companion?.link === "ready") {
      if (layout === "chat" || layout === "text")
        void companion.openHistory(character).then(() => companion.meeting.begin(character));
      else void companion.meeting.begin(character);
    }
    const checked = layout === "avatar" ? null : companion?.takeChecked();
    if (checked) this._composer?.replace(checked);
    if (companion) this._subject.follow(companion, this._room);
    this.requestUpdate();
  }

  private _drawPicture() {
    const { layout } = this.config;
    const companion = this._companion;
    return html`<waifu-rt3d-picture
      .hass=${this.hass}
      .companion=${companion}
      .config=${this.config}
      .character=${this._character}
      .name=${this._character?.name ?? this._say("name")}
      .say=${this._say}
      .room=${this._room}
      .elsewhere=${this._elsewhere}
      .tick=${{}}
      ?preview=${this.preview}
      ?page=${this.page}
      @fault=${() => this._boundaries.fault("picture")}
      @checks=${this._openChecks}
      @come=${this._come}
    >
      ${this._besideHer()}
      ${layout === "avatar" ? html`${this._bareMicrophone()}${this._notice()}${this._rooms()}` : nothing}
    </waifu-rt3d-picture>`;
  }

  private _besideHer() {
    const asleep = this._companion?.isAsleep(this._character?.id);
    const timers = asleep ? [] : (this._companion?.timers.running ?? []);
    const end = (timer_id: string) => void this._companion?.timers.end(timer_id);
    return besideHer(this.hass, this._beside, timers, this._say, end);
  }

  private _talk() {
    const [companion, { layout }] = [this._companion, this.config];
    return html`<div class="talk">
      ${layout === "subtitles" ? nothing : this._boundaries.part("chat", () => this._chat())}
      ${layout === "text" ? this._besideHer() : nothing} ${this._rooms()} ${this._notice()}
      ${consentButtons(companion, this.hass, (word) => void this._companion?.send(word, this._options))}
      ${this._editing ? editStrip(this._say, () => this._stopEditing()) : nothing}
      ${skipButton(companion, this._say, this._options)}
      <waifu-rt3d-composer
        .name=${this._character?.name ?? this._say("name")}
        .say=${this._say}
        .listener=${companion?.listener ?? null}
        .listening=${companion?.listener.state ?? "off"}
        .draft=${companion?.draft ?? ""}
        ?busy=${this._busy}
        ?barred=${this._barrier !== null}
        ?offline=${companion?.link !== "ready"}
        @send=${this._send}
        @draft=${({ detail }: CustomEvent<string>) => companion && (companion.draft = detail)}
        @stop=${() => companion?.cancel()}
        @press=${this._press}
        @release=${() => companion?.listener.release()}
        @discard=${() => companion?.listener.abandon()}
      ></waifu-rt3d-composer>
    </div>`;
  }

  private _chat() {
    fetchElement(
      "waifu-rt3d-chat",
      () => import("./chat.js"),
      () => this._boundaries.fault("chat"),
    );
    const [companion, turns] = [this._companion, this._companion?.conversation.turns ?? []];
    return html`<waifu-rt3d-chat
      tabindex="0"
      .turns=${turns.filter((turn) => turn.answer ?? belongsTo(turn, this._room))}
      .companion=${companion}
      .name=${this._character?.name ?? this._say("name")}
      .say=${this._say}
      .language=${languageOf(this.hass)}
      ?hello=${companion?.link === "ready"}
      @act=${this._act}
      @session=${this._switch}
      @fault=${() => this._boundaries.fault("chat")}
    ></waifu-rt3d-chat>`;
  }

  /** Speak without a line to write in. */
  private _bareMicrophone() {
    const companion = this._companion;
    if (!companion || this._elsewhere) return nothing;
    const { listener, link } = companion;
    return html`<waifu-rt3d-microphone
      class="bare"
      .listener=${listener}
      .say=${this._say}
      .state=${listener.state}
      ?barred=${this._barrier !== null}
      ?offline=${link !== "ready"}
      @press=${this._press}
      @release=${() => listener.release()}
    ></waifu-rt3d-microphone>`;
  }

  /** Ask once in which room this browser hangs. */
  private _rooms() {
    const companion = this._companion;
    if (this.preview || this.config.area || companion?.link !== "ready") return nothing;
    if (!asksForRoom(this.hass, companion.whereabouts.room)) return nothing;
    return roomPrompt(this.hass, this._say, (area) => {
      companion.whereabouts.choose(area);
      this.requestUpdate();
    });
  }

  private _come(): void {
    if (this._room && this._character) this._companion?.come(this._room, this._character.id);
  }

  /** What stands between this page and a microphone, as far as it is known. */
  private get _barrier() {
    return missingMicrophone() ?? this._companion?.listener.barrier ?? null;
  }

  /** With whom a turn is held, and from where. */
  private get _options() {
    const [character, area, { speak }] = [this._wanted, this._room, this.config];
    return { speak, ...(character ? { character } : {}), ...(area ? { area } : {}) };
  }

  private _press(): void {
    // What no tap can change is explained; what the person may have changed is tried again.
    if (missingMicrophone()) {
      this._openChecks();
      return;
    }
    const { hands_free, check, layout } = this.config;
    // Without a line there is no place to check words in.
    const checks = check && layout !== "avatar" ? { check } : {};
    this._companion?.press({ ...this._options, hands_free, ...checks });
  }

  /** Show what works here; its code comes only when it is wanted. */
  private _openChecks(): void {
    void import("./checks.js").then(({ Checks }) => {
      Checks.open(this.renderRoot, {
        hass: this.hass,
        companion: this._companion,
        stage: this.stageState(),
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
    const companion = this._companion;
    const told = this._told || recall(INSECURE_TOLD);
    const unknown = Boolean(this.config.character) && !this._character;
    const key = companion && problemOf(companion, { unknown, told });
    if (!key) return nothing;
    return noticeOf(key, companion, this._say, {
      name: this.config.character ?? "",
      explain: () => this._openChecks(),
      dismiss: () => this._dismiss(key),
    });
  }

  private _dismiss(key: Key): void {
    const companion = this._companion;
    if (!key.startsWith("microphone_")) companion?.dismiss();
    else {
      companion?.listener.forgive();
      this._told = true;
      keep(INSECURE_TOLD);
    }
    this.requestUpdate();
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
        await companion?.replies.regenerate(detail.turn, this.config.speak);
        break;
      case "speak":
        await companion?.replies.speak(detail.turn);
        break;
      case "walk":
        await companion?.replies.walk(detail.message_id);
        break;
    }
  }

  private _switch({ detail }: CustomEvent<string | null>): void {
    this._editing = null;
    void this._companion?.replies.openSession(detail, this._wanted);
  }

  private async _send(event: CustomEvent<string>): Promise<void> {
    const editing = this._editing;
    this._editing = null;
    const taken = editing
      ? await this._companion?.replies.edit(editing, event.detail, this.config.speak)
      : await this._companion?.send(event.detail, this._options);
    if (!taken) this._composer?.restore(event.detail);
  }

  private _key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this._busy) return;
    event.stopPropagation();
    event.preventDefault();
    this._companion?.cancel();
  }
}

define("waifu-rt3d-view", CompanionView);

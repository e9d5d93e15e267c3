/** Her picture with what lies over it: state, subtitles, what the answer is about, the clock of the night. */

import { html, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Companion } from "../companion/companion.js";
import { belongsTo } from "../companion/whereabouts.js";
import { type TimelineDocument, wordAt } from "../director/timeline.js";
import { displayOf, speechOf, type Turn } from "../ha/conversation.js";
import { type Hass, languageOf, roomName } from "../ha/hass.js";
import type { Character } from "../ha/messages.js";
import { backgroundStyle, type CompanionConfig } from "./config.js";
import { define, fetchElement } from "./define.js";
import { GuardedElement } from "./guarded-element.js";
import { soundIcon } from "./icons.js";
import { moodOf } from "./mood.js";
import "./night-clock.js";
import { pictureStyles } from "./picture-styles.js";
import type { Frozen, StageState, StageView } from "./stage-view.js";
import { subtitleAt } from "./subtitle.js";
import { type Translate, translator } from "./translate.js";
import { tellTouch } from "./touch.js";

const STAGE = "waifu-rt3d-stage";

export class PictureView extends GuardedElement {
  static override styles = pictureStyles;

  @property({ attribute: false }) hass?: Hass | undefined;
  @property({ attribute: false }) companion: Companion | null = null;
  @property({ attribute: false }) config!: CompanionConfig;
  @property({ attribute: false }) character: Character | null = null;
  @property() name = "";
  @property({ type: Boolean }) preview = false;
  @property({ type: Boolean, reflect: true }) page = false;
  /** New each time that something may have changed. */
  @property({ attribute: false }) tick: unknown = null;
  @property({ attribute: false }) say: Translate = translator("en");
  /** The room of this browser, and the one in which she is instead. */
  @property({ attribute: false }) room: string | null | undefined = undefined;
  @property({ attribute: false }) elsewhere: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    // Frame and name stand first; the file comes while the house still says who is there.
    fetchElement(
      STAGE,
      () => import("./stage-view.js"),
      () => this.dispatchEvent(new CustomEvent("fault")),
    );
  }

  async freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    await customElements.whenDefined(STAGE);
    return this._stage!.freezeAt(documents, audio_ms);
  }

  thaw(): void {
    this._stage?.thaw();
  }

  stageState(): StageState | null {
    return this._stage?.stageState() ?? null;
  }

  override render() {
    const asleep = this._activity === "asleep" && this.companion?.link === "ready";
    return html`<div
      class="picture ${asleep ? "night" : ""}"
      style=${backgroundStyle(this.config.background)}
    >
      ${this._figure()} ${asleep ? this._night() : nothing} ${this._status()}
      ${this.elsewhere ? this._away(this.elsewhere) : nothing}
      ${this.config.layout === "subtitles" && !this.elsewhere ? this._subtitles() : nothing}
      ${this._soundButton()}
      <slot></slot>
    </div>`;
  }

  /** The stage, once its file is there. */
  private get _stage(): StageView | null {
    return this.renderRoot.querySelector<StageView>(`${STAGE}:defined`);
  }

  private get _activity() {
    return this.companion?.activity(performance.now(), this.character?.id) ?? "idle";
  }

  private _figure() {
    const { companion, character } = this;
    if (!character && companion?.link === "connecting") return nothing;
    return html`<waifu-rt3d-stage
      class=${this.elsewhere ? "gone" : ""}
      .companion=${this.elsewhere ? null : companion}
      .character=${character?.id ?? null}
      .url=${character?.avatar_url ?? null}
      .colours=${character?.avatar_colours ?? {}}
      .mood=${moodOf(this.hass, character?.mood_entity)}
      .framing=${this.config.framing}
      .quality=${this.config.quality}
      .name=${this.name}
      .say=${this.say}
      ?absent=${!character}
      ?cheap=${this.preview}
      @click=${(event: MouseEvent) => !this.preview && tellTouch(event, this.hass, character?.id)}
      ?inert=${this.elsewhere !== null}
    ></waifu-rt3d-stage>`;
  }

  private _night() {
    return html`<waifu-rt3d-night-clock
      .language=${languageOf(this.hass)}
      .timers=${this.companion?.timers.running ?? []}
    ></waifu-rt3d-night-clock>`;
  }

  /** Say in a word what she is doing. */
  private _status() {
    if (!this.companion) return nothing;
    const activity = this.elsewhere ? "idle" : this._activity;
    return html`<button
      class="status ${activity}"
      title=${this.say("checks")}
      @click=${() => this._tell("checks")}
    >
      <i></i><span>${this.name}</span><span class="activity">${this.say(activity)}</span>
    </button>`;
  }

  /** Say where she is, and call her. */
  private _away(area: string) {
    return html`<div class="away">
      <p>${this.say("elsewhere", { name: this.name, room: roomName(this.hass, area) })}</p>
      <button @click=${() => this._tell("come")}>
        ${this.say("call_here", { name: this.name })}
      </button>
    </div>`;
  }

  private _subtitles() {
    const { companion } = this;
    const act = companion?.performance;
    const turn = act ? companion.spoken : companion?.conversation.latest;
    if (!turn || !belongsTo(turn, this.room)) return nothing;
    if (turn.state === "heard" && !act) return this._unspoken(turn);
    const speech = turn.timeline.text || speechOf(turn);
    if (!speech) return turn.heard ? html`<p class="subtitle heard">${turn.heard}</p>` : nothing;
    const word = companion?.word ?? (act ? wordAt(turn.timeline, 0) : null);
    const { before, word: spoken, after } = subtitleAt(speech, word);
    return html`<p class="subtitle" dir="auto">${before}<mark>${spoken}</mark>${after}</p>
      ${act?.precision === "approximate" ? html`<p class="roughly">${this.say("approximate")}</p>` : nothing}`;
  }

  /** Show a reply that was not spoken, so that it can be read; a spoken one has been heard. */
  private _unspoken(turn: Turn) {
    if (turn.timeline.end_ms) return nothing;
    const shown = displayOf(turn);
    return shown ? html`<p class="subtitle read" dir="auto" tabindex="0">${shown}</p>` : nothing;
  }

  private _soundButton() {
    if (!this.companion?.soundLocked) return nothing;
    return html`<button class="sound" @click=${() => void this.companion?.unlock()}>
      ${soundIcon}<span>${this.say("tap_for_sound", { name: this.name })}</span>
    </button>`;
  }

  private _tell(name: "checks" | "come"): void {
    this.dispatchEvent(new CustomEvent(name));
  }
}

define("waifu-rt3d-picture", PictureView);

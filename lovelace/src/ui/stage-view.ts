/** The place where she stands: the page's 3D stage, or a drawn face where it cannot be. */

import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import type * as Avatar from "../avatar/index.js";
import type { AvatarProblem, Colours, Framing, Quality, Stage } from "../avatar/index.js";
import type { Companion } from "../companion/companion.js";
import type { Performance } from "../companion/performance.js";
import {
  Director,
  type Feelings,
  MOUTH_LEAD_MS,
  type Pose,
  spokenPose,
  Timeline,
  type TimelineDocument,
  TOUCH_ANSWERS,
  type Touchable,
  type Weights,
  weightsAt,
} from "../director/index.js";
import { define } from "./define.js";
import type { FlatFace } from "./flat-face.js";
import "./flat-face.js";
import { type Translate, translator } from "./translate.js";

type Problem = AvatarProblem | "no_chunk" | "none";

/** What the picture shows, for checks from outside. */
export interface StageState {
  audio_ms: number | null;
  /** The shapes that are drawn, and the place in the reply they belong to (the mouth leads the sound). */
  weights: Weights;
  mouth_ms: number | null;
  playing: boolean;
  precision: string | null;
  tier: string;
  fps: number;
  frames: number;
  contexts: number;
  geometries: number;
  textures: number;
  figure: string | null;
  problem: string | null;
  ready: boolean;
  /** What of her was touched last. */
  touched: Touchable | null;
}

export interface Frozen {
  audio_ms: number;
  weights: Weights;
  applied: Record<string, number>;
}

const NO_STAGE = {
  tier: "flat",
  fps: 0,
  frames: 0,
  contexts: 0,
  geometries: 0,
  textures: 0,
  figure: null,
};

/** The id of a user's file, where the gestures of our own have names. */
const BROUGHT = /^[0-9a-z]{26}$/;
const TOUCH_PAUSE_MS = 2500;
const SHIFT_MS = 60_000;
const SHIFT_PX = 24;

let chunk: Promise<typeof Avatar> | null = null;

/** Load the 3D part once for the page. */
function loadChunk() {
  chunk ??= import("../avatar/index.js");
  // After a failure (the house restarted in between) the next view tries again.
  chunk.catch(() => (chunk = null));
  return chunk;
}

export class StageView extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
    }
    .host {
      transition: transform 2s ease-in-out;
    }
    .host,
    waifu-rt3d-flat-face {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    waifu-rt3d-flat-face {
      box-sizing: border-box;
      padding: 8% 4% 0;
    }
    .note {
      position: absolute;
      inset: 48px 12px auto;
      margin: 0 auto;
      width: fit-content;
      max-width: 40em;
      padding: 6px 12px;
      border-radius: 14px;
      background: var(--card-background-color, #fff);
      color: var(--secondary-text-color, #555);
      font-size: 0.85em;
      text-align: center;
    }
  `;

  @property({ attribute: false }) companion: Companion | null = null;
  @property() character: string | null = null;
  @property({ attribute: false }) url: string | null = null;
  /** Other colours than the figure was made with. */
  @property({ attribute: false, hasChanged: (now, before) => differs(now, before) })
  colours: Colours = {};
  @property() framing: Framing = "bust";
  @property() quality: Quality = "auto";
  @property({ type: Boolean }) cheap = false;
  /** What she feels when nothing else moves her face. */
  @property({ attribute: false }) mood: Partial<Feelings> = {};
  /** No character is known: whatever is wrong is said elsewhere. */
  @property({ type: Boolean }) absent = false;
  @property() name = "";
  @property({ attribute: false }) say: Translate = translator("en");

  @state() private _problem: Problem | null = null;
  @state() private _ready = false;
  @query(".host") private _host!: HTMLElement;
  @query("waifu-rt3d-flat-face") private _face!: FlatFace | null;

  private readonly _director = new Director(Math.floor(Math.random() * 1e9));
  private readonly _calm = matchMedia("(prefers-reduced-motion: reduce)");
  private _stage: Stage | null = null;
  private _leave: (() => void) | null = null;
  private _weights: Weights = spokenPose(null, null).mouth;
  private _mouth_ms: number | null = null;
  private _frozen = false;
  private _flatRequest = 0;
  private _mounting = 0;
  private _touched_ms = 0;
  private _zone: Touchable | null = null;
  private _acted: Performance | null = null;
  private _shifting: ReturnType<typeof setInterval> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this._mount();
    this._shifting = setInterval(() => this._shift(), SHIFT_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this._shifting) clearInterval(this._shifting);
    this._unmount();
  }

  override updated(changed: PropertyValues<StageView>): void {
    const shown = ["url", "colours", "framing", "quality", "cheap"] as const;
    if (shown.some((name) => changed.has(name))) void this._mount();
  }

  override render() {
    const note = this._note();
    return html`<div class="host" @click=${this._touched}></div>
      ${this._flat ? html`<waifu-rt3d-flat-face></waifu-rt3d-flat-face>` : nothing}
      ${note ? html`<p class="note" role="status">${note}</p>` : nothing}`;
  }

  /** Hold the face exactly as it is at a time of a reply: no idling, no blink, no chance. */
  async freezeAt(documents: TimelineDocument[], audio_ms: number): Promise<Frozen> {
    await this._settled();
    this._frozen = true;
    const timeline = Timeline.of(documents);
    const pose = spokenPose(timeline, audio_ms);
    const weights = weightsAt(timeline, audio_ms);
    this._weights = weights;
    this._mouth_ms = audio_ms;
    const flat = this._face?.show(pose);
    const applied = flat ?? this._stage?.freeze(pose) ?? {};
    await this._face?.updateComplete;
    return { audio_ms, weights, applied };
  }

  /** Go on living after `freezeAt`. */
  thaw(): void {
    this._frozen = false;
    this._stage?.thaw();
    this._drawFlat();
  }

  /** Make a gesture now; false where there is none of that name. */
  play(gesture: string): boolean {
    return this._director.play(gesture, performance.now());
  }

  stageState(): StageState {
    const now_ms = performance.now();
    const act = this.companion?.performance ?? null;
    const info = this._stage?.info ?? NO_STAGE;
    return {
      audio_ms: act?.audioMs(now_ms) ?? null,
      weights: this._weights,
      mouth_ms: this._mouth_ms,
      playing: act?.speaking(now_ms) ?? false,
      precision: act?.precision ?? null,
      problem: this._problem,
      ready: this._ready || this._flat,
      touched: this._zone,
      ...info,
    };
  }

  private get _flat(): boolean {
    return this._problem !== null || (this.cheap && !chunk);
  }

  private _note(): string | null {
    if (this.absent) return null;
    if (this._problem) return this.say(`avatar_${this._problem}`);
    return this._ready || this._flat ? null : this.say("loading_avatar", { name: this.name });
  }

  /** Show the figure here. */
  private async _mount(): Promise<void> {
    this._unmount();
    const mounting = ++this._mounting;
    this._problem = this.url ? (hasWebGl2() ? null : "no_webgl") : "none";
    if (this._flat || !this.url) {
      this._fallBack(this._problem);
      return;
    }
    const avatar = await loadChunk().catch(() => null);
    if (mounting !== this._mounting || !this.isConnected) return;
    if (!avatar) {
      this._fallBack("no_chunk");
      return;
    }
    this._stage = avatar.Stage.shared;
    this._leave = this._stage.mount({
      host: this._host,
      url: this.url,
      address: () => this._address(),
      colours: this.colours,
      framing: this.framing,
      quality: this.quality,
      pose: (now_ms) => this._pose(now_ms),
      pace: () => this._pace(),
      onReady: () => {
        this._ready = true;
        this.dispatchEvent(new CustomEvent("made", { detail: this._stage?.made ?? {} }));
      },
      onProblem: (problem) => this._fallBack(problem),
    });
  }

  /** Answer a touch, where one may touch her. */
  private readonly _touched = (event: MouseEvent): void => {
    const now_ms = performance.now();
    const zone = (this._zone = this._stage?.touch(event.clientX, event.clientY) ?? null);
    if (!zone || this._activity(now_ms) !== "idle" || now_ms - this._touched_ms < TOUCH_PAUSE_MS)
      return;
    this._touched_ms = now_ms;
    this._director.answer(TOUCH_ANSWERS[zone], now_ms);
  };

  /** Move the picture a little once a minute: what always stands in one place burns into some screens. */
  private _shift(): void {
    const away = () => Math.round((Math.random() - 0.5) * SHIFT_PX);
    this._host.style.transform = `translate(${away()}px, ${away()}px)`;
  }

  /** Play an animation that somebody brought; without the 3D picture there is nothing to move. */
  private async _playBrought(id: string): Promise<void> {
    const address = await this.companion?.avatarAddress(`/api/waifu_rt3d/avatar/${id}`);
    if (address) await this._stage?.play(address).catch(() => undefined);
  }

  /** Give where the figure's file can be fetched. */
  private async _address(): Promise<string> {
    const url = this.url ?? "";
    return (await this.companion?.avatarAddress(url)) ?? url;
  }

  private _unmount(): void {
    this._mounting++;
    this._leave?.();
    this._leave = null;
    this._ready = false;
    cancelAnimationFrame(this._flatRequest);
    this._flatRequest = 0;
  }

  /** Draw the face instead; a figure that is left would stand behind it and go on costing what is too much. */
  private _fallBack(problem: Problem | null): void {
    this._leave?.();
    this._leave = null;
    this._ready = false;
    this._problem = problem;
    void this.updateComplete.then(() => this._drawFlat());
  }

  private _drawFlat(): void {
    if (!this._flat || this._frozen || !this.isConnected || this._flatRequest) return;
    this._flatRequest = requestAnimationFrame((now_ms) => {
      this._flatRequest = 0;
      if (this._frozen) return;
      this._face?.show(this._pose(now_ms));
      this._drawFlat();
    });
  }

  private _pose(now_ms: number): Pose {
    const act = this.companion?.performance ?? null;
    if (act !== this._acted) {
      this._acted = act;
      for (const { kind, name } of act?.timeline.cues ?? [])
        if (kind === "gesture" && BROUGHT.test(name)) void this._playBrought(name);
    }
    const audio_ms = act?.audioMs(now_ms) ?? null;
    this._mouth_ms = audio_ms === null ? null : audio_ms + MOUTH_LEAD_MS;
    const pose = this._director.frame({
      now_ms,
      activity: this._activity(now_ms),
      timeline: act?.timeline ?? null,
      audio_ms,
      calm: this._calm.matches,
      mood: this.mood,
    });
    this._weights = pose.mouth;
    return pose;
  }

  private _activity(now_ms: number) {
    return this.companion?.activity(now_ms, this.character ?? undefined) ?? "idle";
  }

  private _pace(): Avatar.Pace {
    const activity = this._activity(performance.now());
    return activity === "idle" || activity === "asleep" ? activity : "moving";
  }

  /** Wait until there is a figure or a face. */
  private async _settled(): Promise<void> {
    await this.updateComplete;
    while (this.isConnected && !this._ready && !this._flat)
      await new Promise((resolve) => setTimeout(resolve, 30));
    await this.updateComplete;
  }
}

/** Tell whether two sets of colours are not the same; each message brings new objects. */
function differs(now: unknown, before: unknown): boolean {
  return JSON.stringify(now) !== JSON.stringify(before);
}

/** Tell whether the browser has WebGL 2, without opening a context for it. */
function hasWebGl2(): boolean {
  return typeof WebGL2RenderingContext !== "undefined";
}

define("waifu-rt3d-stage", StageView);

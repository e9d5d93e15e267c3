/** The stage: one picture for the page, shown in the view that was mounted last and copied to the others. */

import type { Pose, Touchable } from "../director/index.js";
import type { Applied, Body } from "./body.js";
import { AvatarError, type AvatarProblem } from "./errors.js";
import { frame, type Framing } from "./framing.js";
import { loadBody } from "./load.js";
import { Mirror } from "./mirror.js";
import { loadMotion, type Motion } from "./motion.js";
import type { Colours } from "./palette.js";
import { Governor, LIMITS, type Quality, type Tier } from "./quality.js";
import { pixelRatio } from "./quality.js";
import { Picture } from "./renderer.js";
import { touched } from "./touch.js";

export type Pace = "moving" | "idle" | "asleep";

/** What a card gives the stage, and hears from it. */
export interface View {
  host: HTMLElement;
  url: string;
  /** Give where the file can be fetched now, where that is not its `url`. */
  address?: () => Promise<string>;
  framing: Framing;
  quality: Quality;
  /** Other colours than the figure was made with. */
  colours?: Colours;
  /** Make the next pose; called once a frame. */
  pose: (now_ms: number) => Pose;
  /** Tell how much she moves: what hardly moves is drawn seldom. */
  pace: () => Pace;
  onReady: () => void;
  onProblem: (problem: AvatarProblem) => void;
}

export interface StageInfo {
  tier: Tier;
  fps: number;
  frames: number;
  contexts: number;
  /** What the graphics processor holds, and for which file. */
  geometries: number;
  textures: number;
  figure: string | null;
}

/** Moving between views takes a moment in which no card is mounted; after this she leaves. */
const KEEP_MS = 60_000;
/** At the tier that draws nothing at rest, the way there is still drawn. */
const RESTING_MS = 1500;
/** So long she is watched falling asleep. */
const FALLING_ASLEEP_MS = 4500;
/** A figure that is drawn less often is looked after by a timer: a callback for each display frame costs more than she does. */
const LOOK_MS = 50;
/** Half a display frame, or a 60 Hz screen would give 30 frames where 60 are allowed. */
const SLACK_MS = 6;
const LONGEST_STEP_S = 1 / 20;
const LOSSES_BEFORE_GIVING_UP = 2;

export class Stage {
  private static _instance: Stage | null = null;
  private static _contexts = 0;

  private readonly _views: View[] = [];
  private readonly _mirrors = new Map<View, Mirror>();
  private readonly _inSight = new Set<Element>();
  private readonly _sizes = new ResizeObserver(() => this._fit());
  private readonly _sight = new IntersectionObserver((entries) => this._seen(entries));
  private _picture: Picture | null = null;
  private _body: Body | null = null;
  private _bodyUrl: string | null = null;
  private _loading: AbortController | null = null;
  private _governor = new Governor("auto");
  private _request = 0;
  private _last_ms = 0;
  private _frames = 0;
  private _rate_ms = 0;
  private _losses = 0;
  private _frozen = false;
  private _motion: { motion: Motion; start_ms: number } | null = null;
  private _rest_ms = 0;
  private _asleep_ms = 0;
  private _pause: ReturnType<typeof setTimeout> | null = null;
  private _leaving: ReturnType<typeof setTimeout> | null = null;

  /** Give the page's one stage. */
  static get shared(): Stage {
    return (Stage._instance ??= new Stage());
  }

  private constructor() {
    document.addEventListener("visibilitychange", () => this._wake());
  }

  /** Show a view; the one shown before gets copies until this one is taken away. */
  mount(view: View): () => void {
    if (this._leaving) clearTimeout(this._leaving);
    this._leaving = null;
    const before = this._shown();
    this._views.push(view);
    this._enter(view);
    if (before) this._mirrors.set(before, new Mirror(before.host));
    return () => this._unmount(view);
  }

  /** Hold one pose and draw it at once; gives what the model was told. */
  freeze(pose: Pose): Applied {
    this._frozen = true;
    const applied = this._body?.apply(pose) ?? {};
    this._body?.update(0);
    this._fit();
    this._draw();
    return applied;
  }

  /** Go on moving after `freeze`. */
  thaw(): void {
    this._frozen = false;
    this._wake();
  }

  /** Tell what of her is at a place of the page, in CSS pixels; null where nothing may be touched. */
  touch(client_x: number, client_y: number): Touchable | null {
    if (!this._picture || !this._body) return null;
    const { left, top, width, height } = this._picture.canvas.getBoundingClientRect();
    const [x, y] = [(2 * (client_x - left)) / width - 1, 1 - (2 * (client_y - top)) / height];
    const { humanoid, marks } = this._body;
    return touched(humanoid, marks, this._picture.camera, x, y, width / height);
  }

  /** Play an animation that somebody brought, once; a file that can't be read is named in the error. */
  async play(address: string): Promise<void> {
    const motion = await loadMotion(address, new AbortController().signal);
    this._motion = { motion, start_ms: performance.now() };
    this._wake();
  }

  /** The colours that the figure which is shown was made with. */
  get made(): Colours {
    return this._body?.made ?? {};
  }

  /** Change the colours of the figure that is shown; false where it has no palette. */
  recolour(colours: Colours): boolean {
    const changed = this._body?.recolour(colours) ?? false;
    this._wake();
    return changed;
  }

  get info(): StageInfo {
    return {
      tier: this._governor.tier,
      fps: this._rate_ms ? 1000 / this._rate_ms : 0,
      frames: this._frames,
      contexts: Stage._contexts,
      geometries: this._picture?.renderer.info.memory.geometries ?? 0,
      textures: this._picture?.renderer.info.memory.textures ?? 0,
      figure: this._bodyUrl,
    };
  }

  /** Free everything now, instead of a minute after the last view has gone. */
  dispose(): void {
    cancelAnimationFrame(this._request);
    this._request = 0;
    this._stopPause();
    this._loading?.abort();
    this._dropBody();
    if (this._picture) Stage._contexts--;
    this._picture?.dispose();
    this._picture = null;
  }

  /** Give the view that has the picture now. */
  private _shown(): View | undefined {
    return this._views[this._views.length - 1];
  }

  private _unmount(view: View): void {
    const index = this._views.indexOf(view);
    if (index === -1) return;
    const shown = view === this._shown();
    this._views.splice(index, 1);
    this._sizes.unobserve(view.host);
    this._sight.unobserve(view.host);
    this._inSight.delete(view.host);
    this._unmirror(view);
    if (!shown) return;
    this._picture?.canvas.remove();
    const next = this._shown();
    if (next) {
      this._unmirror(next);
      this._enter(next);
    } else this._leaving = setTimeout(() => this.dispose(), KEEP_MS);
  }

  private _unmirror(view: View): void {
    this._mirrors.get(view)?.remove();
    this._mirrors.delete(view);
  }

  /** Bring canvas and figure into a view. */
  private _enter(view: View): void {
    this._governor = new Governor(view.quality);
    try {
      this._picture ??= this._open();
    } catch (error) {
      view.onProblem(problemOf(error));
      return;
    }
    view.host.append(this._picture.canvas);
    this._inSight.add(view.host);
    this._sizes.observe(view.host);
    this._sight.observe(view.host);
    this._fit();
    if (this._bodyUrl === view.url && this._body) {
      this._body.recolour(view.colours ?? {});
      view.onReady();
      this._wake();
    } else void this._cast(view);
  }

  /** Open the WebGL context and survive its loss. */
  private _open(): Picture {
    const picture = new Picture();
    Stage._contexts++;
    picture.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault(); // Without this the browser never gives it back.
      if (picture === this._picture && ++this._losses >= LOSSES_BEFORE_GIVING_UP)
        this._shown()?.onProblem("context_lost");
    });
    picture.canvas.addEventListener("webglcontextrestored", () => this._wake());
    return picture;
  }

  /** Load the view's figure and put it on the stage. */
  private async _cast(view: View): Promise<void> {
    this._loading?.abort();
    const loading = (this._loading = new AbortController());
    try {
      const address = (await view.address?.()) ?? view.url;
      const body = await loadBody(address, loading.signal);
      if (loading.signal.aborted) {
        body.dispose();
        return;
      }
      this._dropBody();
      this._body = body;
      this._bodyUrl = view.url;
      if (view.colours) body.recolour(view.colours);
      this._picture?.scene.add(body.scene);
      this._fit();
      view.onReady();
      this._wake();
    } catch (error) {
      if (!loading.signal.aborted) view.onProblem(problemOf(error));
    }
  }

  private _dropBody(): void {
    this._body?.dispose();
    this._body = null;
    this._bodyUrl = null;
  }

  private _seen(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) this._inSight.add(target);
      else this._inSight.delete(target);
    this._wake();
  }

  /** Fit the picture to its view and tier. */
  private _fit(): void {
    this._rest_ms = performance.now() + RESTING_MS;
    const view = this._shown();
    if (!view || !this._picture) return;
    const { clientWidth: width, clientHeight: height } = view.host;
    if (!width || !height) return;
    const tier = this._governor.tier;
    const ratio = pixelRatio(tier, width, height, devicePixelRatio);
    this._picture.resize(width, height, ratio);
    this._body?.outline(LIMITS[tier].outline, ratio * height);
    if (this._body) frame(this._picture.camera, this._body.marks, view.framing, width / height);
    this._wake();
  }

  /** Ask for the next frame, unless nobody can see it. */
  private _wake(): void {
    if (this._unseen || this._request) return;
    this._stopPause();
    this._request = requestAnimationFrame((now_ms) => this._tick(now_ms));
  }

  private get _unseen(): boolean {
    return document.hidden || !this._inSight.size || !this._body || !this._shown() || this._frozen;
  }

  /** Let the picture stand until its frame is old, or she stirs. */
  private _rest(): void {
    this._stopPause();
    this._pause = setTimeout(() => {
      this._pause = null;
      const view = this._shown();
      if (!view || this._unseen) return;
      const now_ms = performance.now();
      if (this._due(now_ms, this._interval(view, now_ms))) this._wake();
      else this._rest();
    }, LOOK_MS);
  }

  private _stopPause(): void {
    if (this._pause) clearTimeout(this._pause);
    this._pause = null;
  }

  private _due(now_ms: number, interval_ms: number): boolean {
    return now_ms - this._last_ms >= interval_ms - SLACK_MS;
  }

  private _tick(now_ms: number): void {
    this._request = 0;
    const view = this._shown();
    if (!view || !this._body || !this._picture || this._frozen) return;
    const interval_ms = this._interval(view, now_ms);
    const since_ms = now_ms - this._last_ms;
    if (this._due(now_ms, interval_ms)) this._drawFrame(view, now_ms, since_ms, interval_ms);
    if (interval_ms > 2 * LOOK_MS) this._rest();
    else this._wake();
  }

  /** Tell how long a frame may stand: after every movement she is drawn until she has come to rest. */
  private _interval(view: View, now_ms: number): number {
    const limits = LIMITS[this._governor.tier];
    const pace = this._motion ? "moving" : view.pace();
    if (pace === "moving") this._rest_ms = now_ms + RESTING_MS;
    if (pace !== "asleep") this._asleep_ms = now_ms + FALLING_ASLEEP_MS;
    if (now_ms < this._rest_ms) return 1000 / limits.moving_fps;
    return 1000 / (now_ms < this._asleep_ms ? limits.idle_fps : limits.asleep_fps);
  }

  private _drawFrame(view: View, now_ms: number, since_ms: number, interval_ms: number): void {
    this._last_ms = now_ms;
    const pose = view.pose(now_ms);
    this._move(pose, now_ms);
    this._body?.apply(pose);
    this._body?.update(Math.min(LONGEST_STEP_S, since_ms / 1000));
    this._draw();
    this._frames++;
    if (since_ms > 1000) return;
    this._rate_ms += ((since_ms - this._rate_ms) * 1) / (this._rate_ms ? 12 : 1);
    // A frame that came when it was due says nothing about what the machine can do.
    if (this._governor.note(since_ms > 1.5 * interval_ms ? since_ms : 0)) this._fit();
    if (this._governor.tooSlow) view.onProblem("too_slow");
  }

  /** Draw the picture, and copy it to the other views of the same figure. */
  private _draw(): void {
    if (!this._picture) return;
    this._picture.draw();
    for (const [{ url }, mirror] of this._mirrors)
      if (url === this._bodyUrl) mirror.draw(this._picture.canvas);
      else mirror.clear();
  }

  /** Lay the animation that runs over a pose; its last frame, faded out, puts every bone back. */
  private _move(pose: Pose, now_ms: number): void {
    if (!this._motion) return;
    const since_ms = now_ms - this._motion.start_ms;
    this._motion.motion.lay(pose, since_ms);
    if (since_ms > this._motion.motion.duration_ms) this._motion = null;
  }
}

/** Name what went wrong. */
function problemOf(error: unknown): AvatarProblem {
  return error instanceof AvatarError ? error.problem : "broken";
}

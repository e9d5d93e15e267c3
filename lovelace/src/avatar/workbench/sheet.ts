/** Draw many poses of a figure into one picture: contact sheets and films. */

import {
  Director,
  gesticulate,
  noWeights,
  type Activity,
  type Cue,
  type Feelings,
  type Pose,
  type Shape,
  spokenPose,
  Timeline,
  type TimelineDocument,
} from "../../director/index.js";
import type { Body } from "../body.js";
import { frame, type Framing } from "../framing.js";
import { loadBody } from "../load.js";
import type { Colours } from "../palette.js";
import { Picture } from "../renderer.js";

/** One picture of a sheet: a still face, or a moment of a gesture. */
export interface Still {
  label: string;
  framing: Framing;
  feelings?: Partial<Feelings>;
  shape?: Shape;
  blink?: number;
  gaze?: { yaw_deg: number; pitch_deg: number };
  gesture?: string;
  at_ms?: number;
  /** Seen from another side: 90 shows her left, 180 her back. */
  turn_deg?: number;
}

/** What happens from a moment on in a film. */
export interface Event {
  from_ms: number;
  activity?: Activity;
  /** A reply begins here. */
  reply?: TimelineDocument[];
  /** The reply is cut here. */
  cut?: boolean;
  gesture?: string;
  label?: string;
}

export interface Tile {
  width: number;
  height: number;
  columns: number;
  background: string;
}

const STEP_MS = 1000 / 60;
const LABEL_PX = 16;
/** Tiles are drawn larger and shrunk, so that edges are smooth. */
const FINENESS = 2;

export class Sheet {
  private readonly _picture = new Picture();
  private _body: Body | null = null;
  /** A VRM 0.x was turned round when it was loaded. */
  private _front_rad = 0;

  /** Bring a figure on the stage. */
  async load(url: string): Promise<void> {
    this._body?.dispose();
    this._body = await loadBody(url, new AbortController().signal);
    this._front_rad = this._body.scene.rotation.y;
    this._picture.scene.add(this._body.scene);
  }

  /** Dress the figure in other colours; false where it has no palette. */
  recolour(colours: Colours): boolean {
    return this._body?.recolour(colours) ?? false;
  }

  /** Draw stills row by row; gives a data URL. */
  stills(stills: readonly Still[], tile: Tile): string {
    const paper = new Paper(stills.length, tile);
    for (const still of stills) {
      const turn_rad = ((still.turn_deg ?? 0) * Math.PI) / 180;
      this._body!.scene.rotation.y = this._front_rad + turn_rad;
      this._settle(stillPose(still));
      this._draw(still.framing, tile);
      paper.add(this._picture.canvas, still.label);
    }
    return paper.url;
  }

  /** Let her live through events and keep a frame each so often. */
  film(
    events: readonly Event[],
    length_ms: number,
    every_ms: number,
    framing: Framing,
    tile: Tile,
  ) {
    const paper = new Paper(Math.ceil(length_ms / every_ms), tile);
    const director = new Director(5);
    let [activity, label]: [Activity, string] = ["idle", ""];
    let [timeline, began_ms]: [Timeline | null, number] = [null, 0];
    let next_ms = 0;
    const waiting = [...events];
    for (let now_ms = 0; now_ms < length_ms; now_ms += STEP_MS) {
      while (waiting[0] && waiting[0].from_ms <= now_ms) {
        const event = waiting.shift()!;
        activity = event.activity ?? activity;
        label = event.label ?? event.activity ?? event.gesture ?? label;
        if (event.gesture) director.play(event.gesture, now_ms);
        if (event.reply) [timeline, began_ms] = [Timeline.of(event.reply), now_ms];
        if (event.cut) timeline = timeline?.cutAt(now_ms - began_ms) ?? null;
      }
      const audio_ms = timeline ? now_ms - began_ms : null;
      this._body!.apply(director.frame({ now_ms, activity, timeline, audio_ms, calm: false }));
      this._body!.update(STEP_MS / 1000);
      if (now_ms < next_ms) continue;
      next_ms += every_ms;
      this._draw(framing, tile);
      paper.add(this._picture.canvas, `${(now_ms / 1000).toFixed(2)} ${label}`);
    }
    return paper.url;
  }

  /** Show a pose long enough for hair and clothes to come to rest. */
  private _settle(pose: Pose): void {
    this._body!.apply(pose);
    for (let step = 0; step < 40; step++) this._body!.update(1 / 60);
  }

  private _draw(framing: Framing, { width, height }: Tile): void {
    this._picture.resize(width, height, FINENESS);
    this._body!.outline(true, height);
    frame(this._picture.camera, this._body!.marks, framing, width / height);
    this._picture.draw();
  }
}

/** Give the pose of one still. */
function stillPose(still: Still): Pose {
  const { gesture, at_ms = 0, shape, feelings, blink, gaze } = still;
  const pose = spokenPose(null, null);
  if (gesture) gesticulate(pose, [cue(gesture)], at_ms);
  if (feelings) Object.assign(pose.feelings, feelings);
  if (shape) pose.mouth = { ...noWeights(), [shape]: 1 };
  if (gaze) pose.gaze = gaze;
  if (blink !== undefined) pose.blink = blink;
  return { ...pose, speaking: false };
}

/** Make a gesture's cue. */
function cue(name: string): Cue {
  return { at_ms: 0, kind: "gesture", name, intensity: 1, hold_ms: 0, offset: 0 };
}

/** The picture that the tiles are pasted into. */
class Paper {
  private readonly _canvas = document.createElement("canvas");
  private readonly _pen: CanvasRenderingContext2D;
  private _count = 0;

  constructor(
    count: number,
    private readonly _tile: Tile,
  ) {
    const { width, height, columns, background } = _tile;
    this._canvas.width = width * Math.min(columns, count);
    this._canvas.height = (height + LABEL_PX) * Math.ceil(count / columns);
    this._pen = this._canvas.getContext("2d")!;
    this._pen.imageSmoothingQuality = "high";
    this._pen.fillStyle = background;
    this._pen.fillRect(0, 0, this._canvas.width, this._canvas.height);
  }

  get url(): string {
    return this._canvas.toDataURL("image/png");
  }

  /** Paste one more picture with its name below. */
  add(source: HTMLCanvasElement, label: string): void {
    const { width, height, columns } = this._tile;
    const x = (this._count % columns) * width;
    const y = Math.floor(this._count++ / columns) * (height + LABEL_PX);
    this._pen.drawImage(source, x, y, width, height);
    this._pen.fillStyle = "#554a66";
    this._pen.font = "12px sans-serif";
    this._pen.textAlign = "center";
    this._pen.fillText(label, x + width / 2, y + height + 12, width - 4);
  }
}

declare global {
  interface Window {
    Sheet: typeof Sheet;
  }
}
window.Sheet = Sheet;

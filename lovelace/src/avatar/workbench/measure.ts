/** Measure the stage in a browser: costs of a figure, and how soon she shows what happens. */

import {
  type Activity,
  Director,
  mouthOf,
  type Pose,
  Timeline,
  type TimelineDocument,
} from "../../director/index.js";
import { frame } from "../framing.js";
import { loadBody } from "../load.js";
import { Picture } from "../renderer.js";
import { Stage } from "../stage.js";

const WIDTH = 400;
const HEIGHT = 300;
const TURN_DEG = 1.5;
const SHUT = 0.1;

/** What one figure costs. */
export interface Cost {
  load_ms: number;
  first_frame_ms: number;
  update_ms: number[];
  render_ms: number[];
  fps: number;
  draw_calls: number;
  triangles: number;
}

/** Load a figure and let it speak for some frames. */
async function cost(url: string, frames: number, documents: TimelineDocument[]): Promise<Cost> {
  const began_ms = performance.now();
  const body = await loadBody(url, new AbortController().signal);
  const loaded_ms = performance.now();
  const picture = new Picture();
  picture.scene.add(body.scene);
  picture.resize(WIDTH, HEIGHT, 1);
  frame(picture.camera, body.marks, "bust", WIDTH / HEIGHT);
  picture.draw();
  finish(picture);
  const first_ms = performance.now();
  const { update_ms, render_ms, seconds } = run(frames);
  const { calls, triangles } = picture.renderer.info.render;
  picture.dispose();
  body.dispose();
  return {
    load_ms: loaded_ms - began_ms,
    first_frame_ms: first_ms - loaded_ms,
    update_ms,
    render_ms,
    fps: frames / seconds,
    draw_calls: calls,
    triangles,
  };

  /** Draw frames as fast as they come. */
  function run(count: number) {
    const director = new Director(2);
    const timeline = Timeline.of(documents);
    const [update_ms, render_ms]: [number[], number[]] = [[], []];
    const start_ms = performance.now();
    for (let i = 0; i < count; i++) {
      const now_ms = i * 33;
      const before_ms = performance.now();
      const audio_ms = now_ms % timeline.end_ms;
      body.apply(director.frame({ now_ms, activity: "speaking", timeline, audio_ms, calm: false }));
      body.update(0.033);
      const updated_ms = performance.now();
      picture.draw();
      render_ms.push(performance.now() - updated_ms);
      update_ms.push(updated_ms - before_ms);
      finish(picture);
    }
    return { update_ms, render_ms, seconds: (performance.now() - start_ms) / 1000 };
  }
}

/** Wait until the picture is really drawn. */
function finish(picture: Picture): void {
  const gl = picture.renderer.getContext();
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
}

/** Time how long an event takes to show, from the call to the frame that shows it. */
async function presence(url: string, rounds: number, documents: TimelineDocument[]) {
  const host = document.body.appendChild(document.createElement("div"));
  host.style.cssText = "width:240px;height:240px";
  const director = new Director(4);
  let activity: Activity = "idle";
  let timeline: Timeline | null = null;
  let began_ms = 0;
  let latest: Pose | null = null;
  const leave = await new Promise<() => void>((ready, fail) => {
    const unmount: () => void = Stage.shared.mount({
      host,
      url,
      framing: "face",
      quality: "low",
      pose: (now_ms) => {
        const audio_ms = timeline ? performance.now() - began_ms : null;
        latest = director.frame({ now_ms, activity, timeline, audio_ms, calm: false });
        return latest;
      },
      pace: () => (activity === "idle" ? "idle" : "moving"),
      onReady: () => setTimeout(() => ready(unmount), 300),
      onProblem: (problem) => fail(new Error(problem)),
    });
  });
  const turned = (before: Pose) => () => angle(before, latest!) > TURN_DEG;
  const result = { wake_ms: [] as number[], thinking_ms: [] as number[], shut_ms: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    await pause(900);
    result.wake_ms.push(await until(() => (activity = "listening"), turned(latest!)));
    await pause(700);
    result.thinking_ms.push(await until(() => (activity = "thinking"), turned(latest!)));
    activity = "speaking";
    [timeline, began_ms] = [Timeline.of(documents), performance.now()];
    await open();
    const cut = () => (timeline = timeline!.cutAt(performance.now() - began_ms));
    result.shut_ms.push(await until(cut, () => openness(latest!) < SHUT));
    [activity, timeline] = ["idle", null];
  }
  leave();
  Stage.shared.dispose();
  return result;

  /** Wait until her mouth is open. */
  async function open(): Promise<void> {
    while (!latest || openness(latest) < 0.5) await nextFrame();
  }

  /** Do something and wait for the frame in which it shows. */
  async function until(act: () => unknown, shows: () => boolean): Promise<number> {
    const start_ms = performance.now();
    act();
    // The stage draws within its own callback, which was asked for before ours.
    do await nextFrame();
    while (!shows());
    return performance.now() - start_ms;
  }
}

function openness(pose: Pose): number {
  return Object.values(mouthOf(pose.mouth)).reduce((sum, weight) => sum + weight, 0);
}

/** Measure how far head and eyes have turned between two poses, in degrees. */
function angle(before: Pose, after: Pose): number {
  const [a, b] = [before.bones.head!, after.bones.head!];
  const dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  const eyes_deg = Math.hypot(
    before.gaze.yaw_deg - after.gaze.yaw_deg,
    before.gaze.pitch_deg - after.gaze.pitch_deg,
  );
  return Math.max(eyes_deg, (2 * Math.acos(Math.min(1, dot)) * 180) / Math.PI);
}

const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
const pause = (wait_ms: number) => new Promise((done) => setTimeout(done, wait_ms));

declare global {
  interface Window {
    measureCost: typeof cost;
    measurePresence: typeof presence;
  }
}
window.measureCost = cost;
window.measurePresence = presence;

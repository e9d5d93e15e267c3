/** The workbench's page: the stage alone, with a button for everything she can do. */

import { unlockSound } from "../../audio/output.js";
import { WavPlayer } from "../../audio/player.js";
import {
  type Activity,
  ACTIVITIES,
  Director,
  EMOTIONS,
  noWeights,
  SHAPES,
  type Shape,
  Timeline,
  type TimelineDocument,
} from "../../director/index.js";
import { GESTURES } from "../../director/gestures/index.js";
import { FRAMINGS, type Framing } from "../framing.js";
import { type Quality, TIERS } from "../quality.js";
import { Stage } from "../stage.js";

const FIGURES = ["companion", "steward", "spirit"];
const director = new Director(1);
const feelings = { happy: 0, angry: 0, sad: 0, relaxed: 0, surprised: 0 };
let [figure, framing, quality]: [string, Framing, Quality] = ["companion", "bust", "auto"];
let [activity, shape]: [Activity, Shape | null] = ["idle", null];
let timeline: Timeline | null = null;
/** Where the reply is: on its sound, or where there is none on the page's clock. */
let place: (now_ms: number) => number | null = () => null;
let player: WavPlayer | null = null;
/** A figure of the visitor's own; it stays in the browser. */
let own: string | null = null;
let leave: (() => void) | null = null;

const host = document.body.appendChild(document.createElement("main"));
const line = document.body.appendChild(document.createElement("output"));

/** Put the chosen figure on the stage. */
function show(): void {
  leave?.();
  leave = Stage.shared.mount({
    host,
    url: own ?? `${figure}.vrm`,
    framing,
    quality,
    pose,
    pace: () => "moving",
    onReady: () => (line.textContent = figure),
    onProblem: (problem) => (line.textContent = problem),
  });
}

/** Make the next pose from what was clicked. */
function pose(now_ms: number) {
  const audio_ms = timeline ? place(now_ms) : null;
  if (audio_ms !== null && audio_ms > timeline!.end_ms + 6000) timeline = null;
  const made = director.frame({ now_ms, activity, timeline, audio_ms, calm: false });
  if (shape) made.mouth = { ...noWeights(), [shape]: 1 };
  for (const emotion of EMOTIONS)
    made.feelings[emotion] = Math.max(made.feelings[emotion], feelings[emotion]);
  const { tier, fps } = Stage.shared.info;
  line.textContent = `${figure}, ${tier}, ${fps.toFixed(0)} frames a second`;
  return made;
}

/** Make a row of buttons. */
function row(name: string, words: readonly string[], click: (word: string) => void): void {
  const group = document.body.appendChild(document.createElement("fieldset"));
  group.appendChild(document.createElement("legend")).textContent = name;
  for (const word of words) {
    const button = group.appendChild(document.createElement("button"));
    button.textContent = word;
    button.onclick = () => click(word);
  }
}

row("figure", FIGURES, (word) => {
  figure = word;
  own = null;
  show();
});
row("framing", FRAMINGS, (word) => {
  framing = word as Framing;
  show();
});
row("quality", ["auto", ...TIERS], (word) => {
  quality = word as Quality;
  show();
});
row("she is", ACTIVITIES, (word) => (activity = word as Activity));
row("feels", ["neutral", ...EMOTIONS], (word) => {
  for (const emotion of EMOTIONS) feelings[emotion] = emotion === word ? 0.7 : 0;
});
row("mouth", ["free", ...SHAPES], (word) => (shape = word === "free" ? null : (word as Shape)));
row("gesture", Object.keys(GESTURES), (word) => director.play(word, performance.now()));
row("reply", ["recorded"], () => {
  void fetch("reply.json")
    .then((answer) => answer.json())
    .then(({ segments }: { segments: TimelineDocument[] }) => {
      timeline = Timeline.of(segments);
      void unlockSound();
      play(performance.now());
    });
});
file("your figure", ".vrm,.glb,.gltf", (url, name) => {
  [own, figure] = [url, name];
  show();
});
file("your motion", ".vrma", (url) => {
  Stage.shared.play(url).catch((problem: unknown) => (line.textContent = String(problem)));
});
show();

/** Play the reply's sound; where it was not recorded, only the mouth moves. */
function play(now_ms: number): void {
  player?.stop();
  const sound = (player = new WavPlayer("reply.wav", () => undefined));
  place = (at_ms) => sound.audioMs(at_ms);
  sound.play().catch(() => (place = (at_ms) => at_ms - now_ms));
}

/** Let the visitor open a file. */
function file(name: string, accept: string, take: (url: string, name: string) => void): void {
  const group = document.body.appendChild(document.createElement("fieldset"));
  group.appendChild(document.createElement("legend")).textContent = name;
  const input = group.appendChild(document.createElement("input"));
  Object.assign(input, { type: "file", accept });
  input.onchange = () => {
    const chosen = input.files?.[0];
    if (chosen) take(URL.createObjectURL(chosen), chosen.name);
  };
}

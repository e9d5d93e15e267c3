/** The strip below the rooms: times of the stages, sound with mouth shapes and words, the receipt. */

import { Level } from "./level.js";

const STAGES = [
  ["wake → listening", "wake", "start"],
  ["speech end → text", "speech_end", "heard"],
  ["text → first sound", "heard", "first_audio"],
  ["whole turn", "start", "ended"],
];
const FULL_MS = 1500;
const WINDOW_MS = 2600;
const BEFORE_MS = 900;
const PARTS = [
  ["heard by", "heard"],
  ["thought by", "thought"],
  ["spoken by", "spoken"],
];

export class Strip {
  #tablets;
  #turns = new Map();
  #seen = new Set();
  #shown = null;
  #canvas = document.querySelector("#sound");

  constructor(tablets) {
    this.#tablets = tablets;
    const draw = () => {
      this.#draw();
      requestAnimationFrame(draw);
    };
    draw();
    this.#times({});
    this.#receipt(null);
  }

  /** Take an envelope; both tablets get most of them. */
  take({ seq, turn_id, kind, data }) {
    const key = `${seq}:${kind}`;
    if (seq === undefined || this.#seen.has(key)) return;
    this.#seen.add(key);
    const turn = this.#turns.get(turn_id) ?? {
      segments: [],
      times: {},
      level: null,
    };
    if (kind === "turn") {
      this.#turns.set(turn_id, turn);
      Object.assign(turn.times, data.times);
      this.#shown = turn;
      // Until a turn has its own, the one before is shown, and said to be that.
      document.body.classList.toggle("before", !data.times);
      if (data.times) this.#times(turn.times);
    }
    if (kind === "timeline") turn.segments.push(data);
    if (kind === "audio") turn.level = new Level(data.url);
    if (kind === "receipt") this.#receipt((turn.receipt = data));
  }

  #times(times) {
    const rows = STAGES.map(([name, from, to]) => {
      const known = times[from] && times[to];
      const took = known ? times[to] - times[from] : null;
      const row = document.createElement("div");
      row.className = "stage";
      const [label, bar, value] = ["span", "i", "b"].map((each) =>
        document.createElement(each),
      );
      label.textContent = name;
      bar.style.width = known
        ? `${Math.min(100, (took / FULL_MS) * 100)}%`
        : "0";
      value.textContent = known
        ? took < 1000
          ? `${took.toFixed(0)} ms`
          : `${(took / 1000).toFixed(1)} s`
        : "–";
      row.append(label, bar, value);
      return row;
    });
    document.querySelector("#stages").replaceChildren(...rows);
  }

  #receipt(receipt) {
    const said = (helpers) => {
      const last = helpers?.at(-1);
      return last ? last.name || "written lines" : "–";
    };
    const rows = PARTS.map(([label, part]) => [
      label,
      receipt ? said(receipt[part]) : "–",
      "",
    ]);
    const inside = receipt?.inside;
    const where = !receipt
      ? "–"
      : inside
        ? "stayed in this house"
        : receipt.called.join(", ") || "not known";
    rows.push(["", where, inside ? "inside" : ""]);
    document.querySelector("#receipt").replaceChildren(
      ...rows.map(([label, text, name]) => {
        const row = document.createElement("p");
        row.className = name;
        const [first, second] = ["span", "b"].map((each) =>
          document.createElement(each),
        );
        first.textContent = label;
        second.textContent = text;
        row.append(first, second);
        return row;
      }),
    );
  }

  /** Where the sound of the moment is, by the clock that moves the mouth. */
  #audioMs() {
    for (const { card } of this.#tablets) {
      const at = card.stageState?.()?.audio_ms;
      if (at !== null && at !== undefined) return at;
    }
    return null;
  }

  #draw() {
    const canvas = this.#canvas;
    const scale = devicePixelRatio;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== width * scale)
      [canvas.width, canvas.height] = [width * scale, height * scale];
    const paint = canvas.getContext("2d");
    paint.setTransform(scale, 0, 0, scale, 0, 0);
    paint.clearRect(0, 0, width, height);
    const [turn, now] = [this.#shown, this.#audioMs()];
    paint.font = "12px 'Noto Sans', sans-serif";
    paint.textBaseline = "middle";
    if (!turn || now === null) {
      paint.fillStyle = "#6f6990";
      paint.fillText("sound, mouth shapes and words", 16, height / 2);
      return;
    }
    const x = (ms) => ((ms - now + BEFORE_MS) / WINDOW_MS) * width;
    this.#drawLevel(paint, turn, x, width);
    for (const { visemes, words, text, offset } of turn.segments) {
      for (const viseme of visemes) this.#drawShape(paint, viseme, x, now);
      words.forEach((word, index) =>
        this.#drawWord(paint, { text, offset, word }, words[index + 1], x, now),
      );
    }
    paint.fillStyle = "#fff";
    paint.fillRect(x(now) - 1, 6, 2, height - 12);
  }

  #drawLevel(paint, { level, segments }, x, width) {
    paint.fillStyle = "#6a5bb0";
    if (!level) {
      const [first, last] = [segments[0], segments.at(-1)];
      if (!first) return;
      paint.fillStyle = "#8b84ad";
      const [from, to] = [
        x(first.audio.start_ms),
        x(last.audio.start_ms + last.audio.duration_ms),
      ];
      paint.fillRect(from, 29, to - from, 2);
      paint.fillText(
        "played by the room’s loudspeaker",
        Math.max(16, Math.min(from, width - 220)),
        16,
      );
      return;
    }
    for (const [at_ms, share] of level.bars) {
      const left = x(at_ms);
      if (left < -4 || left > width) continue;
      const half = Math.max(0.5, share * 23);
      paint.fillRect(left, 29 - half, 3, 2 * half);
    }
  }

  #drawShape(paint, { at_ms, end_ms, shape }, x, now) {
    const [from, to] = [x(at_ms), x(end_ms)];
    if (to < 0 || from > paint.canvas.width) return;
    const current = at_ms <= now && now < end_ms;
    paint.fillStyle = current
      ? "#9d86ff"
      : shape === "sil"
        ? "#1b1829"
        : "#2c2744";
    paint.fillRect(from + 0.5, 57, Math.max(1, to - from - 1), 22);
    if (to - from < 15 || shape === "sil") return;
    paint.fillStyle = current ? "#130d2b" : "#cfc8ee";
    paint.textAlign = "center";
    paint.fillText(shape, (from + to) / 2, 68);
    paint.textAlign = "start";
  }

  #drawWord(paint, { text, offset, word }, next, x, now) {
    // Offsets count code points.
    const said = [...text]
      .slice(word.offset - offset, word.offset - offset + word.length)
      .join("");
    const room = next ? x(next.at_ms) - x(word.at_ms) - 3 : 999;
    const current = word.at_ms <= now && (!next || now < next.at_ms);
    paint.fillStyle = current ? "#fff" : "#a9a3c2";
    paint.fillText(said, x(word.at_ms), 97, Math.max(room, 8));
  }
}

#!/usr/bin/env node
/**
 * Measure the card in Chromium against a house that answers at once: `node bin/card-bench.mjs FILE.vrm`.
 * Prints one JSON document; times are milliseconds, lists hold every round.
 */

import { chromium } from "playwright-core";
import { serve } from "../test/browser/server.mjs";
import { CHROMIUM, FAKE_MICROPHONE, FLAGS } from "./browser.mjs";

const ROUNDS = 12;
const IDLE_MS = 10_000;
const TURNS = 200;
const MESSAGES = 10_000;
/** So many of them are read upwards, frame by frame. */
const READ = 400;
/** So far in each frame, as a quick flick on a tablet goes. */
const FLICK_PX = 120;
const BENCH_FLAGS = [...FLAGS, ...FAKE_MICROPHONE, "--enable-precise-memory-info"];

const server = await serve({ avatar: process.argv[2] });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: BENCH_FLAGS,
});

/** Open a page with a card in it. */
async function open(config, prepare = () => undefined) {
  const context = await browser.newContext({
    viewport: { width: 800, height: 900 },
    permissions: ["microphone"],
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(String(error)));
  await page.goto(server.url);
  await page.waitForFunction("window.pageReady");
  await page.evaluate(instruments);
  await page.evaluate(prepare, MESSAGES);
  await page.evaluate((given) => {
    localStorage.setItem("waifu-rt3d-room", "");
    window.placed_ms = performance.now();
    window.card = place({ quality: "mid", ...given }, { width: "100%", height: "860px" });
    window.card.layout = "grid";
    const look = () =>
      window.find(".view")
        ? void window.painted().then((at_ms) => (window.painted_ms = at_ms))
        : requestAnimationFrame(look);
    look();
  }, config);
  await page.waitForFunction("window.connection.sent.length > 2");
  // The chat's file comes by itself.
  if (config.layout === "text")
    await page.evaluate("customElements.whenDefined('waifu-rt3d-chat')");
  return { page, close: () => context.close() };
}

/** Put into the page what measures there. */
function instruments() {
  const inside = (root, selector) => {
    const found = root.querySelector(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const deeper = element.shadowRoot && inside(element.shadowRoot, selector);
      if (deeper) return deeper;
    }
    return null;
  };
  window.find = (selector) => inside(document, selector);
  /** Resolve when what has changed is painted: the task after the frame's. */
  window.painted = () =>
    new Promise((resolve) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
      }),
    );
  const media = navigator.mediaDevices;
  const original = media.getUserMedia.bind(media);
  window.tracks = [];
  media.getUserMedia = async (wanted) => {
    const stream = await original(wanted);
    window.opened_ms = performance.now();
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}

/** Measure a tap on the microphone until its light is on, which is the first recorded sample. */
async function tap(page) {
  await page.evaluate(() => {
    const button = window.find("waifu-rt3d-microphone").shadowRoot.querySelector("button");
    window.lit = new Promise((resolve) => {
      let tapped_ms = 0;
      button.addEventListener("pointerdown", ({ timeStamp }) => (tapped_ms = timeStamp), {
        once: true,
        capture: true,
      });
      const look = () => {
        if (!button.classList.contains("recording")) return;
        watch.disconnect();
        const now_ms = performance.now();
        resolve({ ms: now_ms - tapped_ms, early: now_ms < (window.opened_ms ?? Infinity) });
      };
      const watch = new MutationObserver(look);
      watch.observe(button, { attributes: true });
    });
  });
  const box = await page.locator("waifu-rt3d-microphone button").first().boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const found = await page.evaluate(() => window.lit);
  await page.keyboard.press("Escape");
  await page.waitForTimeout(150);
  return found;
}

async function recording() {
  const cold = [];
  let early = 0;
  const count = (found) => ((early += found.early ? 1 : 0), found.ms);
  for (let i = 0; i < 3; i++) {
    const { page, close } = await open({ layout: "text" });
    cold.push(count(await tap(page)));
    await close();
  }
  const { page, close } = await open({ layout: "text" });
  await tap(page);
  const warm = [];
  for (let i = 0; i < ROUNDS; i++) warm.push(count(await tap(page)));
  const from = Date.now();
  await page.waitForFunction(
    "window.tracks.every(({ readyState }) => readyState === 'ended')",
    null,
    {
      timeout: 20_000,
      polling: 50,
    },
  );
  const closed_ms = Date.now() - from;
  await close();
  return { cold, warm, early, closed_ms };
}

/** Measure a key until its character is on the screen. */
async function keys(page) {
  await page.locator("textarea").first().focus();
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    await page.evaluate(() => {
      window.shown = new Promise((resolve) => {
        const field = window.find("textarea");
        const once = { once: true, capture: true };
        let pressed_ms = 0;
        field.addEventListener("keydown", ({ timeStamp }) => (pressed_ms = timeStamp), once);
        field.addEventListener(
          "input",
          () => void window.painted().then((at_ms) => resolve(at_ms - pressed_ms)),
          once,
        );
      });
    });
    await page.keyboard.press("a");
    times.push(await page.evaluate(() => window.shown));
  }
  return times;
}

/** Measure a piece of an answer until it is on the screen. */
async function deltas(page) {
  return page.evaluate(async (rounds) => {
    const times = [];
    window.connection.turn("thinking");
    for (let i = 0; i < 3 * rounds; i++) {
      const word = `word${i} `;
      const from_ms = performance.now();
      window.connection.emit("text", { display: word, speech: word, offset: 0 });
      const at_ms = await window.painted();
      const bubbles = window.find("waifu-rt3d-chat").shadowRoot.querySelectorAll(".hers");
      if (!bubbles[bubbles.length - 1].textContent.includes(word.trim()))
        throw new Error("not shown");
      times.push(at_ms - from_ms);
      await new Promise((done) => setTimeout(done, 40));
    }
    window.connection.turn("heard", { cut_ms: null });
    return times;
  }, ROUNDS);
}

/** Make the house remember one very long conversation. */
function longTalk(messages) {
  const all = Array.from({ length: messages }, (_, at) => ({
    id: at + 1,
    session_id: "long",
    parent_id: at || null,
    role: at % 2 ? "assistant" : "user",
    display: `Message ${at}. ${"It is a sentence of the usual length. ".repeat(1 + (at % 4))}`,
    turn_id: `turn-${Math.floor(at / 2)}`,
    created_ms: 1.79e12 + at * 1000,
    cut_ms: null,
    alternatives: [],
  }));
  const session = { title: "", updated_ms: 1.8e12, messages: 2, pinned: false, private: false };
  const house = (window.connection = new FakeConnection());
  const ask = house.sendMessagePromise.bind(house);
  house.sendMessagePromise = (message) => {
    const command = message.type.replace("waifu_rt3d/", "");
    if (command === "session/continue") return Promise.resolve({ ...session, id: "short" });
    if (command === "session/list") {
      const sessions = [
        { ...session, id: "long", title: "Long" },
        { ...session, id: "short" },
      ];
      return Promise.resolve({ sessions });
    }
    if (command === "session/get") return Promise.resolve({ ...session, id: message.session_id });
    if (command !== "session/history") return ask(message);
    const end = message.session_id === "long" ? (message.before ?? messages + 1) - 1 : 0;
    return Promise.resolve({ messages: all.slice(Math.max(0, end - message.limit), end) });
  };
}

/** Measure the opening of a long conversation, then read all of it upwards. */
async function longConversation() {
  const { page, close } = await open({ layout: "text" }, longTalk);
  await page.waitForFunction(() =>
    window.find("waifu-rt3d-chat")?.shadowRoot?.querySelector("select"),
  );
  const open_ms = await page.evaluate(async () => {
    const chat = window.find("waifu-rt3d-chat");
    const select = chat.shadowRoot.querySelector("select");
    const from_ms = performance.now();
    select.value = "long";
    select.dispatchEvent(new Event("change"));
    while (!chat.shadowRoot.querySelector(".hers")) await window.painted();
    return (await window.painted()) - from_ms;
  });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const worked_s = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value;
  };
  const from_s = await worked_s();
  const scrolled = await page.evaluate(
    async ([wanted, step]) => {
      const chat = window.find("waifu-rt3d-chat");
      const count = () => chat.shadowRoot.querySelectorAll("li").length;
      const frames = [];
      for (let last_ms = performance.now(), stuck = 0; count() < wanted / 2 && stuck < 600;) {
        const before = count();
        chat.scrollTop = Math.max(0, chat.scrollTop - step);
        const at_ms = await window.painted();
        frames.push(at_ms - last_ms);
        last_ms = at_ms;
        stuck = count() === before ? stuck + 1 : 0;
      }
      return { frames, shown: 2 * count() };
    },
    [READ, FLICK_PX],
  );
  const work_ms = ((await worked_s()) - from_s) * 1000;
  await close();
  return { open_ms, work_ms: work_ms / scrolled.frames.length, ...scrolled };
}

/** Measure when the card is first painted, and how long before the 3D part had arrived (negative: after it). */
async function firstPaint() {
  const { page, close } = await open({ layout: "avatar" });
  await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 60_000 });
  const found = await page.evaluate(() => ({
    paint_ms: window.painted_ms - window.placed_ms,
    before_3d_ms:
      performance.getEntriesByType("resource").find(({ name }) => name.includes("/avatar-"))
        .responseEnd - window.painted_ms,
  }));
  await close();
  return found;
}

/** Measure how much of the main thread she takes while she sleeps (CDP metrics, the GPU process apart). */
async function asleep() {
  const { page, close } = await open({ layout: "avatar" });
  await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 60_000 });
  await page.evaluate(() =>
    window.connection.emit("perform", { character: "default", cues: [], asleep: true }, "x"),
  );
  await page.waitForTimeout(6000);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable");
  const metrics = async () => {
    const { metrics: found } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(found.map(({ name, value }) => [name, value]));
  };
  const frames = () => page.evaluate(() => window.card.stageState().frames);
  const [before, first] = [await metrics(), await frames()];
  await page.waitForTimeout(IDLE_MS);
  const [after, last] = [await metrics(), await frames()];
  const share = (after.TaskDuration - before.TaskDuration) / (after.Timestamp - before.Timestamp);
  await close();
  return { share, frames_per_s: (1000 * (last - first)) / IDLE_MS };
}

/** Measure what stays in memory after many turns, when the chat is as long as it gets. */
async function heap() {
  const { page, close } = await open({ layout: "text" });
  const cdp = await page.context().newCDPSession(page);
  const talk = (from, count) =>
    page.evaluate(
      async ([first, turns]) => {
        for (let i = first; i < first + turns; i++) {
          const [house, id] = [window.connection, `heap-${i}`];
          house.sent.length = 0;
          house.turn("thinking", {}, id);
          house.emit("heard", { text: `Question ${i}?`, final: true }, id);
          for (let word = 0; word < 20; word++)
            house.emit(
              "text",
              { display: `word ${word} `, speech: `word ${word} `, offset: 0 },
              id,
            );
          house.turn("heard", { cut_ms: null }, id);
          await new Promise((done) => setTimeout(done, 8));
        }
      },
      [from, count],
    );
  const used = async () => {
    for (let i = 0; i < 3; i++) await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  await talk(0, TURNS + 20);
  const before = await used();
  await talk(TURNS + 20, TURNS);
  const after = await used();
  await close();
  return after - before;
}

/** Measure one thing and say so: a busy machine takes minutes. */
async function measure(what, act) {
  const from = Date.now();
  const result = await act();
  console.error(`${what}: ${((Date.now() - from) / 1000).toFixed(1)} s`);
  return result;
}

const { page, close } = await open({ layout: "text" });
const found = await measure("key and word", async () => ({
  key: await keys(page),
  delta: await deltas(page),
}));
await close();
found.recording = await measure("recording", recording);
found.long = await measure("long talk", longConversation);
found.first = await measure("first paint", async () => {
  const all = [];
  for (let i = 0; i < 3; i++) all.push(await firstPaint());
  return all;
});
found.asleep = await measure("asleep", asleep);
found.heap_growth_mb = await measure("memory", heap);
console.log(JSON.stringify(found));
await browser.close();
server.close();

// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import type { PanelPage } from "../../src/panel/page.js";
import "../../src/panel/pages/memories.js";
import "../../src/panel/pages/sessions.js";
import "../../src/panel/pages/statistics.js";
import type { Rows } from "../../src/panel/parts/rows.js";
import type { ToastWords } from "../../src/panel/parts/toast.js";
import { type Answers, house, MIRA, open, settled } from "./house.js";

const SESSION = {
  id: "s1",
  audience: "me",
  character: "default",
  title: "Clouds",
  updated_ms: 1_795_000_000_000,
  messages: 4,
  pinned: false,
  archived: false,
};

const text = (page: PanelPage) => page.renderRoot.textContent;

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

test("of ten thousand conversations only those in sight are in the page", async () => {
  const sessions = Array.from({ length: 10_000 }, (_, at) => ({ ...SESSION, id: `s${at}` }));
  const { hass } = house({ characters: [MIRA], "session/list": { sessions, more: false } });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const rows = page.renderRoot.querySelector<Rows>("waifu-rt3d-rows")!;
  await rows.updateComplete;
  const drawn = rows.renderRoot.querySelectorAll("[role=listitem]");
  expect(drawn.length).toBeLessThan(40);
  expect(drawn[0]!.getAttribute("aria-setsize")).toBe("10000");
});

test("conversations are filtered by character where there are several, and by the archive", async () => {
  const characters = [MIRA, { ...MIRA, id: "rowan", name: "Rowan" }];
  const { hass, of } = house({ characters, "session/list": { sessions: [SESSION], more: false } });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const choice = page.renderRoot.querySelector("select")!;
  expect([...choice.options].map(({ text: name }) => name.trim())).toEqual([
    "All characters",
    "Mira",
    "Rowan",
  ]);
  choice.value = "rowan";
  choice.dispatchEvent(new Event("change"));
  await settled(page);
  expect(of("session/list").at(-1)).toMatchObject({ character: "rowan" });
  const archived = page.renderRoot.querySelector<HTMLInputElement>("[type=checkbox]")!;
  archived.checked = true;
  archived.dispatchEvent(new Event("change"));
  await settled(page);
  expect(of("session/list").at(-1)).toMatchObject({ character: "rowan", archived: true });
});

test.each([
  [undefined, "2 messages were imported."],
  ["Shift-JIS", "2 messages were imported. The file was taken for Shift-JIS:"],
])("an import says how much came, and which encoding was guessed: %s", async (encoding, told) => {
  const answers = { characters: [MIRA], "session/list": { sessions: [SESSION], more: false } };
  const { hass, uploaded } = house(answers, { events: [{ stored: 2, total: 2, encoding }] });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const said = new Promise<string>((resolve) => {
    const heard = (event: Event) => resolve((event as CustomEvent<ToastWords>).detail.text);
    document.addEventListener("waifu-rt3d-toast", heard, { once: true });
  });
  const drop = page.renderRoot.querySelector("waifu-rt3d-drop")!;
  drop.dispatchEvent(new CustomEvent("file", { detail: new File(["{}"], "chat.json") }));
  expect(await said).toMatch(new RegExp(`^${told}`));
  expect(uploaded).toHaveLength(1);
});

test("a title is text, whatever is in it", async () => {
  const sessions = [{ ...SESSION, title: "<img src=x onerror=alert(1)>" }];
  const { hass } = house({ characters: [MIRA], "session/list": { sessions, more: false } });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const rows = page.renderRoot.querySelector<Rows>("waifu-rt3d-rows")!;
  await rows.updateComplete;
  expect(rows.renderRoot.querySelector("img")).toBeNull();
  expect(rows.renderRoot.textContent).toContain("<img src=x");
});

test("a page that can't be filled says why and can be tried again", async () => {
  const answers: Answers = {
    characters: [MIRA],
    "notes/list": new Error("The memory is closed"),
  };
  const { hass } = house(answers);
  const page = await open("waifu-rt3d-page-memories", hass);
  expect(text(page)).toContain("The memory is closed");
  answers["notes/list"] = { notes: [] };
  page.renderRoot.querySelector("button")!.click();
  await settled(page);
  expect(text(page)).toContain("Nothing to remember yet");
});

test("a note shows where it comes from", async () => {
  const note = {
    id: "n1",
    audience: "household",
    character: null,
    text: "The bins go out on Tuesday",
    created_ms: 1_795_000_000_000,
    source_id: 7,
    pinned: true,
  };
  const source = { display: "Remember that the bins go out on Tuesday", created_ms: 1 };
  const { hass, of } = house({
    characters: [MIRA],
    "notes/list": { notes: [note] },
    "message/get": source,
  });
  const page = await open("waifu-rt3d-page-memories", hass);
  expect(text(page)).toMatch(/Pinned · Household · All characters/);
  const buttons = [...page.renderRoot.querySelectorAll("button")];
  buttons.find((button) => button.textContent.trim() === "Where from?")!.click();
  await settled(page);
  expect(of("message/get")).toMatchObject([{ message_id: 7 }]);
  expect(page.renderRoot.querySelector("blockquote")?.textContent).toContain("Remember that");
});

test("statistics are bars with a table behind them, and stages in their order", async () => {
  const today = Math.floor(Date.now() / 86_400_000);
  const counted = {
    messages: 4,
    words: 20,
    talking_ms: 3_600_000,
    sessions: 1,
    days: [{ day: today, character: "default", messages: 4, words: 20, talking_ms: 3_600_000 }],
    stages: [{ stage: "thinking", turns: 2, median_ms: 210, slowest_tenth_ms: 300 }],
    feelings: [{ day: today, emotion: "happy", times: 2 }],
    top_words: [{ word: "clouds", count: 3 }],
  };
  const { hass } = house({ characters: [MIRA], statistics: counted });
  const page = await open("waifu-rt3d-page-statistics", hass);
  const titles = [...page.renderRoot.querySelectorAll("figcaption")].map(
    (each) => each.textContent,
  );
  expect(titles).toEqual([
    "Messages per day",
    "Hours of talk per day",
    "Response times by stage (the middle of all turns)",
    "Emotions shown per day",
    "Words you use most",
  ]);
  const svg = page.renderRoot.querySelector("svg")!;
  expect(svg.getAttribute("role")).toBe("img");
  expect(page.renderRoot.querySelectorAll("table tbody tr").length).toBeGreaterThan(0);
  expect(text(page)).toContain("210 ms, slowest tenth 300 ms, 2 turns");
});

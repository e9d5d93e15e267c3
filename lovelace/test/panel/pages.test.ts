// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import type { PanelPage } from "../../src/panel/page.js";
import "../../src/panel/pages/memories.js";
import "../../src/panel/pages/sessions.js";
import "../../src/panel/pages/statistics.js";
import type { Rows } from "../../src/panel/parts/rows.js";

const CHARACTER = {
  id: "default",
  name: "Mira",
  avatar_url: null,
  conversation_entity: "conversation.mira",
  pipeline: "p",
};
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

type Answers = Record<string, unknown>;

/** A house that answers what a test tells it, and keeps what it was asked. */
function house(answers: Answers) {
  const asked: Record<string, unknown>[] = [];
  const connection = {
    sendMessagePromise: (message: Record<string, unknown>) => {
      asked.push(message);
      const answer = answers[String(message["type"]).replace("waifu_rt3d/", "")];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
    },
  };
  const hass = { connection, language: "en", user: { is_admin: false } };
  return {
    hass,
    asked,
    of: (type: string) => asked.filter((each) => each["type"] === `waifu_rt3d/${type}`),
  };
}

async function open(tag: string, hass: unknown): Promise<PanelPage> {
  const page = Object.assign(document.createElement(tag), { hass }) as unknown as PanelPage;
  document.body.append(page);
  await settled(page);
  return page;
}

async function settled(page: PanelPage): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await page.updateComplete;
  }
}

const text = (page: PanelPage) => page.renderRoot.textContent;

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

test("of ten thousand conversations only those in sight are in the page", async () => {
  const sessions = Array.from({ length: 10_000 }, (_, at) => ({ ...SESSION, id: `s${at}` }));
  const { hass } = house({ characters: [CHARACTER], "session/list": { sessions, more: false } });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const rows = page.renderRoot.querySelector<Rows>("waifu-rt3d-rows")!;
  await rows.updateComplete;
  const drawn = rows.renderRoot.querySelectorAll("[role=listitem]");
  expect(drawn.length).toBeLessThan(40);
  expect(drawn[0]!.getAttribute("aria-setsize")).toBe("10000");
});

test("conversations are filtered by character where there are several, and by the archive", async () => {
  const characters = [CHARACTER, { ...CHARACTER, id: "rowan", name: "Rowan" }];
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

test("a title is text, whatever is in it", async () => {
  const sessions = [{ ...SESSION, title: "<img src=x onerror=alert(1)>" }];
  const { hass } = house({ characters: [CHARACTER], "session/list": { sessions, more: false } });
  const page = await open("waifu-rt3d-page-sessions", hass);
  const rows = page.renderRoot.querySelector<Rows>("waifu-rt3d-rows")!;
  await rows.updateComplete;
  expect(rows.renderRoot.querySelector("img")).toBeNull();
  expect(rows.renderRoot.textContent).toContain("<img src=x");
});

test("a page that can't be filled says why and can be tried again", async () => {
  const answers: Answers = {
    characters: [CHARACTER],
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
    characters: [CHARACTER],
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
  const { hass } = house({ characters: [CHARACTER], statistics: counted });
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

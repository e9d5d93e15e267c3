import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { errors, type Harness, missing, type PageOptions, start } from "./browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RECEIPT = {
  heard: [],
  thought: [{ name: "Claude", detail: "haiku", host: "api.example.com", inside: false }],
  spoken: [{ name: "Speech", detail: "slt", host: "nas.local", inside: true }],
  done: [],
  inside: false,
  called: ["api.example.com"],
};

const reason = missing();
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (!reason) harness = await start();
});
afterAll(() => harness?.close());
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

/** Open a page with a card; `room` is where this browser hangs. */
async function open(
  config: Record<string, unknown>,
  { room = "", ...options }: PageOptions & { room?: string | null } = {},
): Promise<void> {
  page = await harness!.page({ width: 390, height: 740, ...options });
  await page.evaluate(
    ([given, area]) => {
      if (area !== null) localStorage.setItem("waifu-rt3d-room", area);
      window.card = place({ quality: "low", ...given }, { width: "100%", height: "700px" });
      window.card.layout = "grid";
      window.card.hass = {
        connection: window.connection,
        language: document.documentElement.lang,
        states: {
          "light.kitchen": { state: "on", attributes: { friendly_name: "Kitchen light" } },
        },
        areas: { kitchen: { name: "Kitchen" }, bedroom: { name: "Bedroom" } },
        entities: { "assist_satellite.kitchen": { area_id: "kitchen" } },
      };
    },
    [config, room] as const,
  );
  await page.waitForFunction(() => window.connection.sent.length > 2);
  const part = config["layout"] === "text" ? "waifu-rt3d-chat" : "waifu-rt3d-stage";
  await page.evaluate((name) => customElements.whenDefined(name).then(() => undefined), part);
}

/** Let her answer something, with all that belongs to a reply. */
async function answer(): Promise<void> {
  await page.evaluate((receipt) => {
    const house = window.connection;
    house.turn("thinking");
    house.emit("heard", { text: "Turn on the kitchen light.", final: true });
    house.emit("touched", { entities: ["light.kitchen"] });
    const memory = { at_ms: 1_795_000_000_000, score: 1, words: ["light"], lines: [] };
    house.emit("recalled", { memories: [{ ...memory, note: "Likes it bright" }] });
    const pixel =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const tool = { call_id: "1", arguments: { name: "lamp" }, failed: false };
    house.emit("tool", {
      ...tool,
      name: "Look",
      result: { image: pixel, more: "http://evil.test/x.png" },
    });
    house.emit("text", { display: "It is on.", speech: "It is on.", offset: 0 });
    house.emit("receipt", receipt);
    house.turn("heard", { cut_ms: null });
  }, RECEIPT);
}

/** Run axe-core over the page and name what it finds. */
async function violations(): Promise<string[]> {
  // What comes in later must not fade in either.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.addScriptTag({ content: AXE });
  return page.evaluate(async () => {
    const axe = (window as unknown as { axe: { run: (...given: unknown[]) => Promise<Found> } })
      .axe;
    interface Found {
      violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    // What belongs to a whole page (headings, landmarks) is the dashboard's.
    const off = { enabled: false };
    const rules = { region: off, "page-has-heading-one": off, "landmark-one-main": off };
    // What still fades in has no contrast yet: endless animations can't be finished, and are left alone.
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    }
    const { violations } = await axe.run(document, { rules });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} – ${node.failureSummary}`),
    );
  });
}

describe.skipIf(reason)("axe-core finds nothing", () => {
  const cases = [
    ["a reply with its details", { layout: "text" }, {}],
    ["the same in the dark", { layout: "text" }, { dark: true }],
    [
      "picture and subtitles, in German on a small phone",
      { layout: "subtitles" },
      { width: 320, language: "de" },
    ],
    ["chat with picture", { layout: "chat" }, {}],
    ["chat with picture on a wall, in the dark", { layout: "chat" }, { width: 1280, dark: true }],
    ["picture alone", { layout: "avatar" }, {}],
    ["chat with picture from right to left", { layout: "chat" }, { language: "ar" }],
  ] as const;

  test.each(cases)("in %s", async (_, config, options) => {
    await open(config, options);
    await answer();
    if (config.layout === "text") {
      await page.locator("button.receipt").click();
      await page.locator("waifu-rt3d-details dl").waitFor();
    }
    expect(await violations()).toEqual([]);
  });

  test.each([[{}], [{ dark: true, language: "de", width: 320 }]])(
    "in the sheet of what works (%o)",
    async (options) => {
      await open({ layout: "chat" }, options);
      await page.evaluate(() => window.connection.turn("heard", { error: "model_failed" }));
      await page.locator("button.status").click();
      await page.locator("waifu-rt3d-checks .checks li").first().waitFor();
      expect(await violations()).toEqual([]);
    },
  );

  test("in an error and a question", async () => {
    await open({ layout: "text" }, { room: null });
    await page.evaluate(() => {
      window.connection.turn("heard", { error: "model_failed", problem_id: "K7Q2MX" });
      window.connection.drop();
    });
    expect(await violations()).toEqual([]);
  });
});

describe.skipIf(reason)("a reply", () => {
  test("has a receipt, what was remembered, its tools, and pictures of this house only", async () => {
    await open({ layout: "text" });
    await answer();
    expect(await page.locator("button.receipt").textContent()).toContain("called api.example.com");
    await page.locator("button.receipt").click();
    await page.locator("waifu-rt3d-details details").waitFor();
    const shown = await page
      .locator("waifu-rt3d-details")
      .evaluate((details) => details.shadowRoot!.textContent);
    expect(shown).toContain("Claude, haiku (api.example.com)");
    for (const part of ["nobody, it was written", "Likes it bright", "because of: light", "Look"])
      expect(shown).toContain(part);
    const pictures = page.locator(".pictures img");
    expect(await pictures.count()).toBe(1);
    expect(await pictures.getAttribute("src")).toMatch(/^data:image\/png/);
  });

  test("shows beside her what it is about, while it is said", async () => {
    await open({ layout: "text" });
    await page.evaluate(() => {
      window.connection.turn("thinking");
      window.connection.emit("touched", { entities: ["light.kitchen"] });
    });
    await expect
      .poll(() => page.locator("waifu-rt3d-beside .plain").textContent())
      .toMatch(/Kitchen light\s*on/);
  });
});

describe.skipIf(reason)("from right to left", () => {
  test("each text runs as its own words do, also where scripts are mixed", async () => {
    await open({ layout: "text" }, { language: "ar" });
    const said = ["أشعلت Kitchen light.", "Kitchen light: تم!"];
    await page.evaluate((texts) => {
      texts.forEach((text, at) => {
        window.connection.turn("thinking", {}, `mixed-${at}`);
        window.connection.emit("heard", { text, final: true }, `mixed-${at}`);
        window.connection.emit("text", { display: text, speech: text, offset: 0 }, `mixed-${at}`);
        window.connection.turn("heard", { cut_ms: null }, `mixed-${at}`);
      });
    }, said);
    const bubbles = page.locator(".hers");
    await expect.poll(() => bubbles.count()).toBe(2);
    const full_stop = (text: string) => text.length - 1;
    const places = await bubbles.evaluateAll(
      (all, ends) =>
        all.map((bubble, at) => {
          const walker = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT);
          const node = walker.nextNode()!;
          const box = (from: number) => {
            const range = document.createRange();
            range.setStart(node, from);
            range.setEnd(node, from + 1);
            return range.getBoundingClientRect().left;
          };
          const from = node.textContent!.search(/\S/);
          return {
            direction: getComputedStyle(bubble).direction,
            first: box(from),
            last: box(from + ends[at]!),
          };
        }),
      said.map(full_stop),
    );
    expect(places.map(({ direction }) => direction)).toEqual(["rtl", "ltr"]);
    // The full stop stands where the sentence ends: on the left of an Arabic one, on the right of an English one.
    expect(places[0]!.last).toBeLessThan(places[0]!.first);
    expect(places[1]!.last).toBeGreaterThan(places[1]!.first);
    const line = page.locator("textarea");
    await line.fill("Kitchen");
    expect(await line.evaluate((field) => getComputedStyle(field).direction)).toBe("ltr");
    await line.fill("المطبخ");
    expect(await line.evaluate((field) => getComputedStyle(field).direction)).toBe("rtl");
  });
});

describe.skipIf(reason)("one character has one body", () => {
  test("the browser is asked for its room once, and she walks off when another room speaks to her", async () => {
    await open({ layout: "subtitles" }, { room: null });
    await page.getByRole("button", { name: "Kitchen" }).click();
    expect(await page.locator(".rooms").count()).toBe(0);
    await page.evaluate(() => {
      window.connection.turn("thinking", { origin: "satellite", area: "bedroom" });
      window.connection.emit("text", { display: "Good night.", speech: "Good night.", offset: 0 });
    });
    await expect.poll(() => page.locator(".away").textContent()).toContain("Bedroom");
    expect(await page.locator(".subtitle").count()).toBe(0);
    await page.getByRole("button", { name: "Call Mira here" }).click();
    await expect.poll(() => page.locator(".away").count()).toBe(0);
    const come = await page.evaluate(() =>
      window.connection.sent.filter(({ type }) => type === "waifu_rt3d/come"),
    );
    expect(come).toEqual([{ type: "waifu_rt3d/come", area: "kitchen", character: "default" }]);
  });

  test("asleep she leaves a clock", async () => {
    await open({ layout: "avatar" });
    await page.evaluate(() =>
      window.connection.emit("perform", { character: "default", cues: [], asleep: true }, "x"),
    );
    await page.locator("waifu-rt3d-night-clock").waitFor();
    expect(await page.locator("waifu-rt3d-night-clock .now").textContent()).toMatch(/\d:\d\d/);
    // A bright picture that stands all night burns into some screens.
    const dimmed = page.locator(".picture.night waifu-rt3d-stage");
    const light = await dimmed.evaluate((stage) => getComputedStyle(stage).filter);
    expect(Number(/brightness\(([\d.]+)\)/.exec(light)?.[1])).toBeLessThan(0.6);
  });
});

describe.skipIf(reason)("a broken part", () => {
  test("says so with its id, blanks nothing else, and is tried again", async () => {
    await open({ layout: "text" });
    await page.evaluate(() => {
      const chat = customElements.get("waifu-rt3d-chat")!.prototype as { render: unknown };
      const { render } = chat;
      Object.assign(window, { mend: () => (chat.render = render) });
      chat.render = () => {
        throw new Error("a fault of the test");
      };
      window.connection.turn("thinking");
    });
    await expect.poll(() => page.locator(".broken").textContent()).toContain("can’t be shown");
    expect(await page.locator(".broken small").textContent()).toMatch(/^[A-Z2-9]{6}$/);
    expect(errors.splice(0)).toEqual(["Error: a fault of the test"]);
    await page.locator("textarea").fill("still here");
    await page.evaluate(() => (window as unknown as { mend: () => void }).mend());
    await page.locator(".broken button").click();
    await page.locator("waifu-rt3d-chat ol").waitFor();
    const reported = await page.evaluate(() =>
      window.connection.sent.filter(({ type }) => type === "waifu_rt3d/problem"),
    );
    expect(reported).toMatchObject([{ code: "chat_broken" }]);
  });
});

import type { Page } from "playwright-core";
import type { Chat } from "../../src/ui/chat.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { timeline } from "../golden.js";
import { errors, type Harness, missing, start } from "./browser.js";
import { toneFile } from "./sound.js";

const SOUND = "/api/tts_proxy/reply.wav";

const reason = missing();
let harness: Harness | undefined;
let page: Page;

beforeAll(async () => {
  if (!reason) harness = await start(new Map([[SOUND, toneFile(2000)]]));
});
afterAll(() => harness?.close());
afterEach(async () => {
  await page.close();
  expect(errors.splice(0)).toEqual([]);
});

/** Place a card of a layout. */
async function placeCard(layout: string): Promise<void> {
  await page.evaluate((name) => {
    window.card = place({ layout: name, quality: "low" }, { width: "320px", height: "390px" });
    window.card.layout = "grid";
  }, layout);
  if (layout !== "text") await page.waitForFunction(() => window.card.stageState());
}

/** Give the commands of a type that the card has sent. */
function sent(type: string) {
  return page.evaluate(
    (name) => window.connection.sent.filter((message) => message.type === name),
    type,
  );
}

describe.skipIf(reason)("a typed turn", () => {
  test("is written, streamed, spoken on the sound's clock, and reported", async () => {
    page = await harness!.page();
    await placeCard("chat");
    await page.locator("textarea").fill("Say hi to mum.");
    await page.keyboard.press("Enter");
    await expect.poll(() => sent("waifu_rt3d/turn/start")).toHaveLength(1);
    await page.evaluate(
      ([segments, url]) => {
        const house = window.connection;
        house.turn("thinking");
        house.emit("heard", { text: "Say hi to mum.", final: true });
        house.emit("audio", { url, mime_type: "audio/x-wav" });
        for (const segment of segments) house.emit("timeline", segment);
        house.emit("text", { display: "Hi 😊 mum!", speech: "Hi 😊 mum!", offset: 0 });
        house.turn("speaking");
      },
      [timeline.segments, SOUND] as const,
    );
    expect(await page.locator(".hers").textContent()).toContain("Hi 😊 mum!");
    await expect.poll(() => page.locator("mark").textContent()).toBe("mum!");
    const rate = await page.evaluate(async () => {
      const at = () => ({ now: performance.now(), audio: window.card.stageState()!.audio_ms! });
      const first = at();
      await new Promise((done) => setTimeout(done, 600));
      const second = at();
      return (second.audio - first.audio) / (second.now - first.now);
    });
    expect(rate).toBeGreaterThan(0.9);
    expect(rate).toBeLessThan(1.1);
    await expect.poll(() => sent("waifu_rt3d/turn/played")).toHaveLength(2);
    const [started, finished] = await sent("waifu_rt3d/turn/played");
    expect(started).toMatchObject({ state: "started", audio_ms: 0 });
    expect(finished).toMatchObject({ state: "finished" });
    expect(Math.abs(Number(finished!["audio_ms"]) - 2000)).toBeLessThan(20);
  });

  test("ends at once with Escape: sound, mouth and house", async () => {
    page = await harness!.page();
    await placeCard("chat");
    await page.locator("textarea").fill("Tell me a story.");
    await page.keyboard.press("Enter");
    await page.evaluate(
      ([segments, url]) => {
        window.connection.turn("thinking");
        window.connection.emit("audio", { url, mime_type: "audio/x-wav" });
        for (const segment of segments) window.connection.emit("timeline", segment);
        window.connection.turn("speaking");
      },
      [timeline.segments, SOUND] as const,
    );
    await expect
      .poll(() => page.evaluate(() => window.card.stageState()!.audio_ms ?? 0))
      .toBeGreaterThan(200);
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => window.card.stageState()!.playing)).toBe(false);
    expect(await sent("waifu_rt3d/turn/cancel")).toHaveLength(1);
    const played = await sent("waifu_rt3d/turn/played");
    expect(played.at(-1)).toMatchObject({ state: "stopped" });
    expect(Number(played.at(-1)!["audio_ms"])).toBeLessThan(1500);
  });

  test("whose sound does not arrive is mimed, with a sentence", async () => {
    page = await harness!.page();
    await placeCard("subtitles");
    await page.evaluate((segments) => {
      window.connection.turn("speaking");
      window.connection.emit("audio", { url: "/gone.wav", mime_type: "audio/x-wav" });
      for (const segment of segments) window.connection.emit("timeline", segment);
    }, timeline.segments);
    await expect.poll(() => page.locator(".notice").textContent()).toContain("did not arrive");
    expect(await page.evaluate(() => window.card.stageState()!.precision)).toBe("mimed");
  });

  test("of a satellite moves the mouth on the satellite's clock, silently", async () => {
    page = await harness!.page();
    await placeCard("subtitles");
    await page.evaluate((segments) => {
      const house = window.connection;
      house.turn("speaking", { origin: "satellite" });
      for (const segment of segments) house.emit("timeline", segment);
      const began_ms = performance.now() - 400;
      Object.assign(window, { began_ms });
      const at_epoch_ms = performance.timeOrigin + began_ms;
      house.emit("clock", { audio_ms: 100, at_epoch_ms, playing: true, precision: "reported" });
    }, timeline.segments);
    await expect
      .poll(() => page.evaluate(() => window.card.stageState()!.precision))
      .toBe("reported");
    const error_ms = await page.evaluate(() => {
      const since_ms = performance.now() - (window as unknown as { began_ms: number }).began_ms;
      return window.card.stageState()!.audio_ms! - (100 + since_ms);
    });
    expect(Math.abs(error_ms)).toBeLessThan(8);
    expect(await page.locator(".subtitle").textContent()).toContain("turned on");
    expect(await sent("waifu_rt3d/turn/played")).toEqual([]);
  });
});

describe.skipIf(reason)("a long reply", () => {
  test("keeps the spoken word in sight, and leaves alone who reads elsewhere", async () => {
    page = await harness!.page();
    await placeCard("chat");
    await page.evaluate(() => {
      const house = window.connection;
      const text = "word ".repeat(300).trim();
      const words = Array.from({ length: 300 }, (_, at) => ({
        at_ms: at * 300,
        offset: at * 5,
        length: 4,
      }));
      const visemes = [{ at_ms: 0, end_ms: 90_000, shape: "aa", weight: 1 }];
      const audio = { start_ms: 0, duration_ms: 90_000 };
      house.turn("speaking", { origin: "satellite" });
      house.emit("text", { display: text, speech: text, offset: 0 });
      house.emit("timeline", {
        ...{ v: 1, turn_id: "T", seq: 1, segment: 0, text, offset: 0, audio, visemes, words },
        ...{ cues: [], source: "exact", final: true },
      });
    });
    const hear = (audio_ms: number) =>
      page.evaluate((at) => {
        const at_epoch_ms = performance.timeOrigin + performance.now();
        const clock = { audio_ms: at, at_epoch_ms, playing: true, precision: "reported" };
        window.connection.emit("clock", clock);
      }, audio_ms);
    /** How far below the chat's upper edge the spoken word stands, as a share of its height. */
    const place = () =>
      page.locator("waifu-rt3d-chat").evaluate((chat) => {
        const mark = chat.shadowRoot!.querySelector("mark");
        const box = chat.getBoundingClientRect();
        return mark ? (mark.getBoundingClientRect().top - box.top) / box.height : NaN;
      });
    for (const audio_ms of [15_000, 45_000, 75_000]) {
      await hear(audio_ms);
      await expect.poll(place).toBeGreaterThan(0);
      await expect.poll(place).toBeLessThan(0.9);
    }
    await page.locator("waifu-rt3d-chat").evaluate(async (chat) => {
      chat.scrollTop = 0;
      // A word comes before the frame that would tell of the scrolling.
      (chat as Chat).requestUpdate();
      await (chat as Chat).updateComplete;
    });
    expect(await page.locator("waifu-rt3d-chat").evaluate((chat) => chat.scrollTop)).toBe(0);
    await hear(60_000);
    await expect.poll(place).toBeGreaterThan(1);
    expect(await page.locator("waifu-rt3d-chat").evaluate((chat) => chat.scrollTop)).toBe(0);
  });
});

describe.skipIf(reason)("the card", () => {
  test("shows HTML in a reply as the text it is", async () => {
    page = await harness!.page();
    await placeCard("text");
    await page.evaluate(() => {
      const nasty = "<img src=x onerror='window.broken=1'><script>window.broken=1</script>";
      window.connection.turn("thinking");
      window.connection.emit("heard", { text: nasty, final: true });
      window.connection.emit("text", { display: nasty, speech: nasty, offset: 0 });
    });
    expect(await page.locator(".hers").textContent()).toContain("<script>");
    expect(await page.locator("waifu-rt3d-chat img, waifu-rt3d-chat script").count()).toBe(0);
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
  });

  test("is used with the keyboard alone, in a sensible order", async () => {
    page = await harness!.page();
    await placeCard("chat");
    await page.locator("textarea").waitFor();
    const focused = () =>
      page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        return element?.localName;
      });
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press("Tab");
      order.push(await focused());
    }
    await page.keyboard.press("Tab");
    order.push(await focused());
    await page.keyboard.type("Hello");
    await page.keyboard.press("Tab");
    order.push(await focused());
    await page.keyboard.press("Enter");
    // What works here, the talk, the line, and the button that sends it.
    expect(order).toEqual(["button", "waifu-rt3d-chat", "textarea", "button"]);
    expect(await sent("waifu_rt3d/turn/start")).toMatchObject([{ text: "Hello" }]);
  });

  test("keeps what was typed over a lost connection, and doubles nothing", async () => {
    page = await harness!.page();
    await placeCard("text");
    await page.evaluate(() => {
      window.connection.turn("thinking");
      window.connection.emit("text", { display: "One. ", speech: "One. ", offset: 0 });
    });
    await page.locator("textarea").fill("half a thou");
    await page.evaluate(() => window.connection.drop());
    await expect.poll(() => page.locator(".notice").textContent()).toContain("lost");
    await page.evaluate(() => window.connection.mend());
    await expect.poll(() => page.locator(".notice").count()).toBe(0);
    const resumed = (await sent("waifu_rt3d/subscribe")).at(-1);
    expect(resumed).toMatchObject({ after_seq: 2 });
    await page.evaluate(() =>
      window.connection.emit("text", { display: "Two.", speech: "Two.", offset: 5 }),
    );
    expect((await page.locator(".hers").textContent())?.trim()).toBe("One. Two.");
    expect(await page.locator("textarea").inputValue()).toBe("half a thou");
  });

  test("draws before the 3D part has arrived", async () => {
    page = await harness!.page();
    let arrive = () => {};
    const drawn = new Promise<void>((done) => (arrive = done));
    await page.route(/chunks\/avatar-/, async (route) => {
      await drawn;
      await route.continue();
    });
    await placeCard("chat");
    await page.locator("textarea").waitFor();
    expect(await page.locator(".note").textContent()).toContain("on her way");
    arrive();
    await page.waitForFunction(() => window.card.stageState()?.ready, null, { timeout: 40_000 });
  });
});

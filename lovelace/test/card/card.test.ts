// @vitest-environment happy-dom
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Companion } from "../../src/companion/companion.js";
import { WaifuCard } from "../../src/card/waifu-rt3d-card.js";
import "../../src/ui/chat.js";
import type { CompanionView } from "../../src/ui/companion-view.js";
import "../../src/ui/stage-view.js";
import { learn } from "../../src/ui/translate.js";
import { timeline } from "../golden.js";
import { FakeConnection, settle } from "../companion/fake-connection.js";

let connection: FakeConnection;
let card: WaifuCard;
let seq = 0;

// What a page fetches after its first paint is here from the start: no test waits for a file.
beforeAll(() => learn("de"));

beforeEach(() => {
  vi.useFakeTimers();
  connection = new FakeConnection();
  connection.answers = {
    "waifu_rt3d/characters": [{ id: "default", name: "Mira", avatar_url: null }],
    "waifu_rt3d/turn/start": { turn_id: "t", session_id: "s" },
  };
});

afterEach(() => {
  card.remove();
  vi.useRealTimers();
});

/** Put a card into the page; the text layout needs no stage. */
async function place(config: Record<string, unknown> = {}, language = "en"): Promise<void> {
  card = document.createElement("waifu-rt3d-card");
  card.setConfig({ type: "custom:waifu-rt3d-card", layout: "text", ...config });
  card.hass = { connection: connection.hass, language };
  document.body.append(card);
  await drawn();
}

/** Wait until everything that changed is drawn. */
async function drawn(): Promise<void> {
  for (let i = 0; i < 6; i++) {
    await settle();
    await card.updateComplete;
  }
}

/** Find an element through the shadow roots of the card. */
function find(selector: string): HTMLElement | null {
  const inside = (root: ParentNode): HTMLElement | null => {
    const found = root.querySelector<HTMLElement>(selector);
    if (found) return found;
    for (const element of root.querySelectorAll("*")) {
      const deeper = element.shadowRoot && inside(element.shadowRoot);
      if (deeper) return deeper;
    }
    return null;
  };
  return card.shadowRoot && inside(card.shadowRoot);
}

/** Let Home Assistant say something. */
async function say(kind: string, data: object, turn_id = "t"): Promise<void> {
  connection.emit({ v: 1, seq: ++seq, turn_id, kind, data });
  await drawn();
}

/** Write into the line and press keys. */
async function write(text: string, key = "Enter", more: KeyboardEventInit = {}): Promise<void> {
  const field = find("textarea") as HTMLTextAreaElement;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await drawn();
  field.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...more }),
  );
  await drawn();
}

describe("the configuration", () => {
  test.each([
    [{ layout: "sideways" }, "layout must be one of avatar, subtitles, chat, text."],
    [{ framing: "toes" }, "framing must be one of face, bust, full."],
    [{ quality: 3 }, "quality must be one of auto, high, mid, low, still."],
    [{ speak: "yes" }, "speak must be true or false."],
    [{ hands_free: 1 }, "hands_free must be true or false."],
    [{ character: 7 }, "character must be the conversation entity or the id of a character."],
    [{ background: "url(https://example.org/a.png)" }, "background must be a colour"],
    [{ background: "red;position:fixed" }, "background must be a colour"],
    [{ background: "//example.org/a.png" }, "background must be a colour"],
  ])("%j is refused in one sentence", (config, sentence) => {
    card = new WaifuCard();
    expect(() => card.setConfig({ type: "x", ...config })).toThrow(sentence);
  });

  test("takes a name without a value, which YAML gives as null, for left open", () => {
    card = new WaifuCard();
    card.setConfig({ type: "x", layout: null, speak: null, character: null, background: null });
    expect(card.getCardSize()).toBe(9);
  });

  test("has an editor whose every field has words", () => {
    card = new WaifuCard();
    const { schema, computeLabel } = WaifuCard.getConfigForm();
    for (const { name } of schema) expect(computeLabel({ name })).not.toBe(name);
    expect(schema.map(({ name }) => name)).toEqual([
      "layout",
      "framing",
      "quality",
      "speak",
      "hands_free",
      "check",
      "area",
      "character",
      "background",
    ]);
  });

  test("has an editor that tells what an open choice means", () => {
    card = new WaifuCard();
    const { computeHelper } = WaifuCard.getConfigForm();
    expect(computeHelper({ name: "layout" })).toBe("Without a choice: Avatar with chat");
    expect(computeHelper({ name: "framing" })).toBe("Without a choice: Head and shoulders");
    expect(computeHelper({ name: "quality" })).toBe("Without a choice: Automatic");
    expect(computeHelper({ name: "speak" })).toBeUndefined();
  });

  test("of a picked card is valid and has a size", () => {
    card = new WaifuCard();
    card.setConfig({ type: "custom:waifu-rt3d-card", ...WaifuCard.getStubConfig() });
    expect(card.getCardSize()).toBeGreaterThan(0);
    const { rows, min_rows, columns } = card.getGridOptions();
    expect(rows).toBeGreaterThanOrEqual(min_rows);
    expect(columns).toBe(12);
  });

  test("is offered in the card picker once", () => {
    card = new WaifuCard();
    const ours = window.customCards?.filter(({ type }) => type === "waifu-rt3d-card");
    expect(ours).toHaveLength(1);
  });
});

describe("the chat", () => {
  test("shows a reply as it is written, with the word that sounds", async () => {
    await place();
    await say("turn", { state: "thinking", origin: "card" });
    await say("heard", { text: "Say hi to mum.", final: true });
    expect(find(".mine")?.textContent.trim()).toBe("Say hi to mum.");
    expect(find(".dots")).not.toBeNull();
    await say("text", { display: "Hi 😊 mum!", speech: "Hi 😊 mum!", offset: 0 });
    expect(find(".hers")?.textContent.trim()).toBe("Hi 😊 mum!");
    await say("text", { display: " I turned on", speech: " I turned on", offset: 9 });
    for (const segment of timeline.segments) await say("timeline", segment);
    vi.advanceTimersByTime(1500 + 400);
    await drawn();
    expect(find("mark")?.textContent).toBe("mum!");
  });

  test("shows markup as the text it is", async () => {
    await place();
    const nasty = "<img src=x onerror=alert(1)><b>bold</b>";
    await say("heard", { text: nasty, final: true });
    await say("text", { display: nasty, speech: nasty, offset: 0 });
    expect(find(".mine")?.textContent.trim()).toBe(nasty);
    expect(find(".hers")?.textContent.trim()).toBe(nasty);
    expect(find("img") ?? find("b")).toBeNull();
  });

  test("says how a turn ended that did not end well", async () => {
    await place();
    await say("turn", { state: "heard", origin: "card", error: "model_failed" });
    expect(find(".error")?.textContent.trim()).toBe("The language model did not answer.");
    await say("turn", { state: "heard", origin: "card", error: "brand_new" });
    expect(find(".error")?.textContent.trim()).toBe("Something went wrong (brand_new).");
  });

  test("reads the whole reply out once it is over, not piece by piece", async () => {
    await place();
    await say("turn", { state: "thinking", origin: "card" });
    await say("text", { display: "Good ", speech: "Good ", offset: 0 });
    expect(find("[aria-live]")?.textContent).toBe("");
    await say("text", { display: "morning.", speech: "morning.", offset: 5 });
    await say("turn", { state: "heard", origin: "card" });
    expect(find("[aria-live]")?.textContent).toBe("Good morning.");
  });
});

describe("the line", () => {
  test("sends on Enter with the configured character", async () => {
    await place({ character: "default", speak: false });
    await write("Hello");
    expect(connection.of("waifu_rt3d/turn/start")).toEqual([
      { type: "waifu_rt3d/turn/start", text: "Hello", character: "default", speak: false },
    ]);
    expect((find("textarea") as HTMLTextAreaElement).value).toBe("");
  });

  test("sends to the character whose conversation entity the editor has picked", async () => {
    const rowan = { id: "2", name: "Rowan", conversation_entity: "conversation.rowan" };
    connection.answers["waifu_rt3d/characters"] = [{ id: "default", name: "Mira" }, rowan];
    await place({ character: "conversation.rowan" });
    await write("Hello");
    expect(connection.of("waifu_rt3d/turn/start")).toMatchObject([{ character: "2" }]);
  });

  test.each([
    ["Shift+Enter", "Hello", { shiftKey: true }],
    ["Enter of an input method", "こん", { isComposing: true }],
    ["Enter without text", "  ", {}],
  ])("does not send on %s", async (_name, text, more) => {
    await place();
    await write(text, "Enter", more);
    expect(connection.of("waifu_rt3d/turn/start")).toEqual([]);
  });

  test("gives the text back when Home Assistant did not take it", async () => {
    await place();
    connection.refusals["waifu_rt3d/turn/start"] = { code: "unknown_error" };
    await write("Hello");
    expect((find("textarea") as HTMLTextAreaElement).value).toBe("Hello");
    expect(find(".notice")?.textContent).toContain("did not take that");
  });

  test("keeps what was typed while the connection is away, and does not send it", async () => {
    await place();
    connection.fire("disconnected");
    await drawn();
    await write("Hello");
    expect(find(".notice")?.textContent).toContain("connection to Home Assistant is lost");
    expect((find("textarea") as HTMLTextAreaElement).value).toBe("Hello");
    expect(connection.of("waifu_rt3d/turn/start")).toEqual([]);
  });

  test("stops her with Escape, and with the button", async () => {
    await place();
    await say("turn", { state: "speaking", origin: "card" });
    await write("", "Escape");
    expect(connection.of("waifu_rt3d/turn/cancel")).toHaveLength(1);
    find("button[type=button]")?.click();
    expect(connection.of("waifu_rt3d/turn/cancel")).toHaveLength(2);
  });
});

describe("what is wrong", () => {
  test("is said when the component is not there, with a way to try again", async () => {
    connection.refusals["waifu_rt3d/subscribe"] = { code: "unknown_command" };
    await place();
    expect(find(".notice")?.textContent).toContain("not set up");
    connection.refusals = {};
    find(".notice button")?.click();
    await drawn();
    expect(find(".notice")).toBeNull();
  });

  test("is said when the character does not exist", async () => {
    await place({ character: "nobody" });
    expect(find(".notice")?.textContent).toContain("There is no character “nobody”.");
  });

  test("is said in the person's language", async () => {
    connection.refusals["waifu_rt3d/subscribe"] = { code: "unknown_command" };
    await place({}, "de-AT");
    expect(find(".notice")?.textContent).toContain("nicht eingerichtet");
  });
});

test("a preview in the picker asks Home Assistant for nothing", async () => {
  card = document.createElement("waifu-rt3d-card");
  card.preview = true;
  card.setConfig({ type: "custom:waifu-rt3d-card", layout: "chat" });
  card.hass = { connection: connection.hass };
  document.body.append(card);
  await drawn();
  expect(connection.sent).toEqual([]);
  expect(find("waifu-rt3d-flat-face")).not.toBeNull();
});

test("a state change of the house does not draw the card anew", async () => {
  await place();
  const view = find("waifu-rt3d-view") as CompanionView;
  const render = vi.spyOn(view, "render");
  card.hass = { connection: connection.hass, language: "en" };
  await drawn();
  expect(render).not.toHaveBeenCalled();
  card.hass = { connection: connection.hass, language: "de" };
  await drawn();
  expect(render).toHaveBeenCalled();
});

test("the last card to leave takes the subscription along", async () => {
  await place();
  const companion = Companion.of(connection.hass);
  card.remove();
  vi.advanceTimersByTime(30_000);
  expect(connection.listeners).toBe(0);
  expect(companion.performance).toBeNull();
});

describe("words that are checked before they are sent", () => {
  test("stand in the line, to be changed, and are sent by the person", async () => {
    await place({ check: true });
    const house = Companion.of(connection.hass);
    house.toCheck = "turn on the kitten light";
    await say("turn", { state: "thinking", origin: "card" }, "other");
    const field = find("textarea") as HTMLTextAreaElement;
    expect(field.value).toBe("turn on the kitten light");
    expect(connection.of("waifu_rt3d/turn/start")).toEqual([]);
    await write("turn on the kitchen light");
    expect(connection.of("waifu_rt3d/turn/start")).toMatchObject([
      { text: "turn on the kitchen light" },
    ]);
  });
});

describe("the space bar", () => {
  const press = (type: string, target: EventTarget) =>
    target.dispatchEvent(
      new KeyboardEvent(type, { key: " ", bubbles: true, composed: true, cancelable: true }),
    );

  test("held in the card is the microphone, in a text it is a space", async () => {
    await place();
    const listener = Companion.of(connection.hass).listener;
    const began = vi.spyOn(listener, "press").mockImplementation(() => undefined);
    const ended = vi.spyOn(listener, "release").mockImplementation(() => undefined);
    vi.stubGlobal("AudioWorkletNode", vi.fn());
    Object.assign(navigator, { mediaDevices: { getUserMedia: () => Promise.reject(new Error()) } });
    press("keydown", find("textarea")!);
    expect(began).not.toHaveBeenCalled();
    press("keydown", find("waifu-rt3d-chat")!);
    expect(began).toHaveBeenCalledTimes(1);
    press("keyup", find("waifu-rt3d-chat")!);
    expect(ended).toHaveBeenCalledTimes(1);
    press("keydown", document.body);
    expect(began).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });
});

describe("the first meeting", () => {
  test("is asked for once, when she is there", async () => {
    await place();
    await say("turn", { state: "heard", origin: "card" });
    expect(connection.of("waifu_rt3d/meet")).toEqual([{ type: "waifu_rt3d/meet" }]);
  });
});

describe("what the memory wants people to know", () => {
  test("is a sentence that can be closed", async () => {
    await place();
    await say("notice", { key: "memory_full" });
    expect(find(".notice")?.textContent).toContain("The disk is full");
    find(".notice button")?.click();
    await drawn();
    expect(find(".notice")).toBeNull();
  });
});

describe("an answer that is spoken again", () => {
  test("is no new message", async () => {
    await place();
    await say("text", { display: "Hello.", speech: "Hello.", offset: 0 });
    await say("turn", { state: "heard", origin: "card" });
    await say("turn", { state: "thinking", origin: "card", again_of: 7 }, "again");
    await say("text", { display: "Hello.", speech: "Hello.", offset: 0 }, "again");
    expect(card.shadowRoot && Companion.of(connection.hass).conversation.turns).toHaveLength(1);
  });
});

describe("a screen that burns in", () => {
  test("gets the picture a little elsewhere each minute, never far", async () => {
    await place({ layout: "avatar" });
    const seen = new Set<string>();
    for (let minute = 0; minute < 12; minute++) {
      vi.advanceTimersByTime(60_000);
      const shift = (find(".host") as HTMLElement).style.transform;
      const [x, y] = [...shift.matchAll(/(-?\d+)px/g)].map(([, px]) => Number(px));
      expect(Math.max(Math.abs(x!), Math.abs(y!))).toBeLessThanOrEqual(12);
      seen.add(shift);
    }
    expect(seen.size).toBeGreaterThan(6);
  });
});

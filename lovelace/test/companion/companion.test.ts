// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Companion } from "../../src/companion/companion.js";
import type { Kinds } from "../../src/ha/messages.js";
import { timeline, websocket } from "../golden.js";
import { FakeConnection, settle } from "./fake-connection.js";

let connection: FakeConnection;
let companion: Companion;
let leave: () => void;
let seq = 0;

beforeEach(async () => {
  vi.useFakeTimers();
  connection = new FakeConnection();
  connection.answers["waifu_rt3d/turn/start"] = { turn_id: "t", session_id: "s" };
  companion = Companion.of(connection.hass);
  leave = companion.listen(() => undefined);
  await settle();
});

afterEach(() => {
  leave();
  vi.useRealTimers();
});

/** Let Home Assistant say something. */
function say<Kind extends keyof Kinds>(kind: Kind, data: Partial<Kinds[Kind]>, turn_id = "t") {
  connection.emit({ v: 1, seq: ++seq, turn_id, kind, data });
}

/** Answer `waifu_rt3d/clock` with a clock that is a million ms ahead. */
function answerClock(): void {
  Object.defineProperty(connection.answers, "waifu_rt3d/clock", {
    get: () => ({ epoch_ms: performance.now() + 1_000_000 }),
  });
}

describe("a text on its way", () => {
  test("is stopped as soon as its turn is known, where somebody tapped before", async () => {
    const sent = companion.send("Tell me a story");
    expect(companion.sending).toBe(true);
    companion.cancel();
    expect(connection.of("waifu_rt3d/turn/cancel")).toEqual([]);
    expect(await sent).toBe(true);
    expect(companion.sending).toBe(false);
    expect(connection.of("waifu_rt3d/turn/cancel")).toMatchObject([{ turn_id: "t" }]);
  });

  test("that follows a stopped one is answered", async () => {
    const stopped = companion.send("Tell me a story");
    companion.cancel();
    await stopped;
    say("turn", { state: "heard" });
    await companion.send("Tell me a joke");
    expect(connection.of("waifu_rt3d/turn/cancel")).toHaveLength(1);
  });
});

describe("a reply that sounds elsewhere", () => {
  test("is mouthed on that loudspeaker's clock", async () => {
    answerClock();
    timeline.segments.forEach((segment) => say("timeline", segment));
    const at_epoch_ms = performance.now() + 1_000_000 + 100;
    say("clock", { audio_ms: 0, at_epoch_ms, playing: true, precision: "reported" });
    await settle();
    expect(connection.of("waifu_rt3d/clock")).toHaveLength(8);
    expect(companion.performance?.audioMs(performance.now() + 350)).toBeCloseTo(250, 0);
    expect(companion.activity(performance.now() + 350)).toBe("speaking");
    expect(companion.performance?.precision).toBe("reported");
  });

  test("measures the clock once for many reports", async () => {
    answerClock();
    for (let audio_ms = 0; audio_ms < 1000; audio_ms += 250) {
      const at_epoch_ms = performance.now() + 1_000_000 + audio_ms;
      say("clock", { audio_ms, at_epoch_ms, playing: true, precision: "reported" });
      await settle();
    }
    expect(connection.of("waifu_rt3d/clock")).toHaveLength(8);
  });

  test("marks the word that is heard, and forgets it at the end", async () => {
    answerClock();
    timeline.segments.forEach((segment) => say("timeline", segment));
    const at_epoch_ms = performance.now() + 1_000_000;
    say("clock", { audio_ms: 0, at_epoch_ms, playing: true, precision: "reported" });
    await settle();
    vi.advanceTimersByTime(1000);
    expect(companion.word?.offset).toBe(12);
    vi.advanceTimersByTime(1200);
    expect(companion.word).toBeNull();
    vi.advanceTimersByTime(9000);
    expect(companion.performance).toBeNull();
  });
});

describe("a reply without sound", () => {
  test("is mimed after a while", () => {
    timeline.segments.forEach((segment) => say("timeline", segment));
    expect(companion.performance?.audioMs(performance.now())).toBeNull();
    vi.advanceTimersByTime(1500 + 430);
    expect(companion.performance?.audioMs(performance.now())).toBeCloseTo(430, -1);
    expect(companion.performance?.precision).toBe("mimed");
  });

  test("is not mimed once it was cancelled", () => {
    timeline.segments.forEach((segment) => say("timeline", segment));
    say("cancel", { reason: "user" });
    vi.advanceTimersByTime(3000);
    expect(companion.activity(performance.now())).not.toBe("speaking");
  });
});

describe("a reply whose sound can't be played", () => {
  const lost = () => {
    say("turn", { state: "thinking", origin: "card" });
    say("audio", { url: "/sound.wav", mime_type: "audio/wav" });
  };

  test("goes on in writing, and the house is told that the sound is lost, not stopped", () => {
    lost();
    expect(companion.trouble).toBe("sound_failed");
    expect(connection.of("waifu_rt3d/turn/played")).toEqual([
      { type: "waifu_rt3d/turn/played", turn_id: "t", state: "lost", audio_ms: 0 },
    ]);
    say("text", { display: "Hello!", speech: "Hello!", offset: 0 });
    say("turn", { state: "heard", origin: "card" });
    expect(companion.trouble).toBe("sound_failed");
  });

  test("and that had no text either leaves one sentence only: that no answer came", () => {
    lost();
    say("turn", { state: "heard", origin: "card" });
    expect(companion.trouble).toBeNull();
  });
});

describe("stopping", () => {
  test("shuts the mouth at once and tells the house", () => {
    say("turn", { state: "speaking", origin: "card" });
    timeline.segments.forEach((segment) => say("timeline", segment));
    vi.advanceTimersByTime(1500 + 430);
    companion.cancel();
    expect(companion.activity(performance.now())).not.toBe("speaking");
    expect(companion.performance?.timeline.visemes.at(-1)?.end_ms).toBeLessThan(450);
    expect(connection.of("waifu_rt3d/turn/cancel")).toEqual([
      { type: "waifu_rt3d/turn/cancel", turn_id: "t" },
    ]);
  });

  test("by somebody else does the same", () => {
    timeline.segments.forEach((segment) => say("timeline", segment));
    vi.advanceTimersByTime(1500 + 430);
    say("cancel", { reason: "barge_in" });
    expect(companion.performance?.timeline.visemes.at(-1)?.end_ms).toBeLessThan(450);
  });
});

describe("the body", () => {
  test.each([
    ["listening", "listening"],
    ["thinking", "thinking"],
    ["heard", "idle"],
  ] as const)("in the state %s is %s", (state, activity) => {
    say("turn", { state, origin: "satellite" });
    expect(companion.activity(performance.now())).toBe(activity);
  });

  test("sleeps while Home Assistant is away and wakes when it is back", async () => {
    connection.fire("disconnected");
    expect(companion.activity(0)).toBe("asleep");
    connection.fire("ready");
    await settle();
    expect(companion.activity(0)).toBe("idle");
  });
});

describe("sending", () => {
  test("continues the session of the last turn", async () => {
    await companion.send("Hello", { speak: true });
    say("turn", { state: "heard", origin: "card", session_id: "s" });
    await companion.send("And now?", { speak: true });
    expect(connection.of("waifu_rt3d/turn/start")).toEqual([
      { type: "waifu_rt3d/turn/start", text: "Hello", speak: true },
      { type: "waifu_rt3d/turn/start", text: "And now?", speak: true, session_id: "s" },
    ]);
  });

  test("that fails says so and can be dismissed", async () => {
    connection.refusals["waifu_rt3d/turn/start"] = { code: "not_found" };
    expect(await companion.send("Hello")).toBe(false);
    expect(companion.trouble).toBe("send_failed");
    companion.dismiss();
    expect(companion.trouble).toBeNull();
  });
});

test("cards on one page share one subscription, which outlives a change of view", async () => {
  const other = Companion.of(connection.hass).listen(() => undefined);
  leave();
  other();
  vi.advanceTimersByTime(10_000);
  leave = companion.listen(() => undefined);
  await settle();
  vi.advanceTimersByTime(60_000);
  expect(connection.of("waifu_rt3d/subscribe")).toHaveLength(1);
  expect(connection.listeners).toBe(2);
  leave();
  vi.advanceTimersByTime(30_000);
  expect(connection.listeners).toBe(0);
});

describe("a failure", () => {
  test.each([
    ["nothing_heard", "surprised", "listen"],
    ["ears_missing", "surprised", "listen"],
    ["model_failed", "sad", "shrug"],
    ["provider_unreachable", "sad", "shrug"],
    ["voice_lost", "sad", undefined],
  ])("%s shows as %s in her face, and the mouth stays shut", (error, emotion, gesture) => {
    say("turn", { state: "heard", origin: "card", error });
    expect(companion.performance?.timeline.cues[0]?.name).toBe(emotion);
    expect(companion.performance?.timeline.cues[1]?.name).toBe(gesture);
    expect(companion.activity(performance.now())).toBe("idle");
    expect(companion.errors.at(-1)?.code).toBe(error);
    vi.advanceTimersByTime(20_000);
    expect(companion.performance).toBeNull();
  });

  test("after the words began leaves the reply as it is", () => {
    timeline.segments.forEach((segment) => say("timeline", segment));
    say("turn", { state: "speaking", origin: "card", error: "voice_lost" });
    expect(companion.performance?.timeline.words.length).toBeGreaterThan(0);
  });
});

describe("what was said before", () => {
  const message = { session_id: "old", parent_id: null, cut_ms: null, created_ms: 1 };
  const question = {
    ...message,
    id: 1,
    role: "user",
    display: "Hello",
    turn_id: "t1",
    alternatives: [],
  };
  const answer = {
    ...message,
    id: 2,
    role: "assistant",
    display: "Hi!",
    turn_id: "t1",
    alternatives: [2, 5],
  };

  beforeEach(async () => {
    connection.answers["waifu_rt3d/session/continue"] = { id: "old", title: "Hello" };
    connection.answers["waifu_rt3d/session/list"] = { sessions: [{ id: "old", title: "Hello" }] };
    connection.answers["waifu_rt3d/session/history"] = { messages: [question, answer] };
    await companion.openHistory();
    await settle();
  });

  test("is there after a reload, and is gone on with", async () => {
    const [turn] = companion.conversation.turns;
    expect(turn).toMatchObject({ id: "t1", heard: "Hello", state: "heard", at_ms: 1 });
    expect(turn?.pieces.map(({ display }) => display)).toEqual(["Hi!"]);
    await companion.send("And now?");
    expect(connection.of("waifu_rt3d/turn/start")[0]).toMatchObject({ session_id: "old" });
  });

  test("is answered anew: the old answer makes room for the turn that runs", async () => {
    connection.answers["waifu_rt3d/message/regenerate"] = { turn_id: "t2", session_id: "old" };
    await companion.replies.regenerate(companion.conversation.turns[0]!, true);
    expect(connection.of("waifu_rt3d/message/regenerate")).toMatchObject([{ message_id: 2 }]);
    expect(companion.conversation.turns).toEqual([]);
    say("turn", { state: "thinking", origin: "card", session_id: "old" }, "t2");
    const second = { ...answer, id: 5, turn_id: "t2", display: "Good day!" };
    connection.answers["waifu_rt3d/session/history"] = { messages: [question, second] };
    say("turn", { state: "heard", origin: "card", session_id: "old" }, "t2");
    await vi.advanceTimersByTimeAsync(700);
    expect(companion.conversation.turns.map(({ id }) => id)).toEqual(["t2"]);
    expect(companion.conversation.turns[0]?.answer?.id).toBe(5);
  });

  test("is changed and asked again: what followed makes room for the turn that runs", async () => {
    connection.answers["waifu_rt3d/message/edit"] = { message_id: 7, session_id: "old" };
    const [turn] = companion.conversation.turns;
    expect(await companion.replies.edit(turn!, "Good morning", true)).toBe(true);
    expect(connection.of("waifu_rt3d/message/edit")).toMatchObject([
      { message_id: 1, text: "Good morning", speak: true },
    ]);
    expect(companion.conversation.turns).toEqual([]);
  });

  test("stays as it is when the house does not take the change", async () => {
    connection.refusals["waifu_rt3d/message/edit"] = { code: "not_found" };
    expect(await companion.replies.edit(companion.conversation.turns[0]!, "No", true)).toBe(false);
    expect(companion.conversation.turns).toHaveLength(1);
  });

  test("is walked from one version to another", async () => {
    await companion.replies.walk(5);
    expect(connection.of("waifu_rt3d/message/walk")).toMatchObject([{ message_id: 5 }]);
    expect(connection.of("waifu_rt3d/session/history")).toHaveLength(2);
  });

  test("stays when another conversation can't be opened", async () => {
    connection.refusals["waifu_rt3d/session/create"] = { code: "unknown_error" };
    await companion.replies.openSession(null);
    expect(companion.trouble).toBe("send_failed");
    expect(companion.conversation.turns).toHaveLength(1);
  });
});

describe("her figure", () => {
  test("changes when the house says so, and makes no turn of it", () => {
    connection.emit({ ...websocket.characters_changed, seq: ++seq });
    expect(companion.characters[0]).toMatchObject({ avatar_colours: { hair: "#334455" } });
    expect(companion.conversation.turns).toEqual([]);
  });

  test("is fetched under a signed address where it needs a login", async () => {
    connection.answers["auth/sign_path"] = { path: "/api/x?authSig=1" };
    expect(await companion.avatarAddress("/api/x")).toBe("/api/x?authSig=1");
    expect(await companion.avatarAddress("/waifu_rt3d/avatars/spirit.vrm")).toBe(
      "/waifu_rt3d/avatars/spirit.vrm",
    );
    expect(connection.of("auth/sign_path")).toEqual([{ type: "auth/sign_path", path: "/api/x" }]);
  });
});

describe("a microphone that can't be had", () => {
  test("shows in her: a hand to the ear, and it passes", async () => {
    vi.stubGlobal("isSecureContext", false);
    companion.listener.press({});
    await settle();
    expect(companion.listener.barrier).not.toBeNull();
    const shown = companion.performance;
    expect(shown?.timeline.cues.map(({ name }) => name)).toEqual(["surprised", "listen"]);
    expect(shown?.audioMs(performance.now() + 500)).toBeCloseTo(500, 0);
    // A new press tries again, and shows it again.
    companion.listener.release();
    vi.advanceTimersByTime(5000);
    companion.listener.press({});
    await settle();
    expect(companion.performance).not.toBe(shown);
    vi.unstubAllGlobals();
  });
});

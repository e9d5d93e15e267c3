import { expect, test } from "vitest";
import { Conversation, displayOf, speechOf } from "../../src/ha/conversation.js";
import type { TurnEnvelope } from "../../src/ha/messages.js";
import { timeline, websocket } from "../golden.js";

test("the golden envelopes make one turn that was cut", () => {
  const conversation = new Conversation();
  for (const envelope of websocket.envelopes) conversation.apply(envelope);
  const [turn, ...others] = conversation.turns;
  expect(others).toEqual([]);
  expect(turn).toMatchObject({
    state: "heard",
    heard: "Say hi to mum.",
    heard_final: true,
    cancelled: "user",
    cut_ms: 900,
    session_id: "01JCONTRACT0000000000000002",
  });
  expect(displayOf(turn!)).toBe(timeline.text);
  expect(speechOf(turn!)).toBe(timeline.text);
  expect(turn!.timeline.complete).toBe(true);
  expect(conversation.running).toBeNull();
});

test("the newest turn that is not over is the running one", () => {
  const conversation = new Conversation();
  const [first] = websocket.envelopes;
  conversation.apply({ ...first!, turn_id: "a" });
  conversation.apply({ ...first!, turn_id: "b" });
  expect(conversation.running?.id).toBe("b");
});

test("a typed text is there before Home Assistant repeats it, and only once", () => {
  const conversation = new Conversation();
  conversation.begin("t", "Hello", "s");
  expect(conversation.turns.map(({ heard }) => heard)).toEqual(["Hello"]);
  const heard = websocket.envelopes.find(({ kind }) => kind === "heard")!;
  conversation.apply({ ...heard, turn_id: "t" });
  expect(conversation.turns.map((turn) => turn.heard)).toEqual(["Say hi to mum."]);
});

test("old turns are let go", () => {
  const conversation = new Conversation();
  for (let i = 0; i < 250; i++) conversation.begin(`turn ${i}`, "x", "s");
  expect(conversation.turns).toHaveLength(200);
  expect(conversation.latest?.id).toBe("turn 249");
});

/** Make stored messages, questions and answers in turn. */
function stored(from: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    id: from + i,
    session_id: "s",
    parent_id: from + i - 1 || null,
    role: i % 2 ? ("assistant" as const) : ("user" as const),
    display: `message ${from + i}`,
    turn_id: `turn ${Math.floor((from + i - 1) / 2)}`,
    created_ms: 0,
    cut_ms: null,
    alternatives: [],
  }));
}

test("earlier messages come before those that are shown, and a refresh keeps them", () => {
  const conversation = new Conversation();
  conversation.restore(stored(61, 60));
  conversation.prepend(stored(1, 60));
  expect(conversation.turns).toHaveLength(60);
  expect(conversation.turns[0]?.heard).toBe("message 1");
  conversation.restore(stored(61, 60));
  expect(conversation.turns[0]?.heard).toBe("message 1");
  expect(conversation.turns).toHaveLength(60);
});

test("another branch takes the way of before with it", () => {
  const conversation = new Conversation();
  conversation.restore(stored(61, 60));
  conversation.prepend(stored(1, 60));
  conversation.restore(stored(501, 2).map((one) => ({ ...one, parent_id: one.id - 300 })));
  expect(conversation.turns.map(({ heard }) => heard)).toEqual(["message 501"]);
});

test("whoever reads ten thousand messages keeps what is read", () => {
  const conversation = new Conversation();
  conversation.restore(stored(9941, 60));
  for (let first = 9881; first > 9000; first -= 60) conversation.prepend(stored(first, 60));
  expect(conversation.turns).toHaveLength(30 * 16);
});

test("a turn of which the page saw only the end is shown as the memory has it", () => {
  const conversation = new Conversation();
  const [first] = websocket.envelopes;
  const end = { state: "heard", session_id: "s", character: "default", origin: "card" };
  conversation.apply({ ...first, turn_id: "turn 0", kind: "turn", data: end } as TurnEnvelope);
  conversation.restore(stored(1, 2));
  const [turn] = conversation.turns;
  expect(turn!.heard).toBe("message 1");
  expect(displayOf(turn!)).toBe("message 2");
});

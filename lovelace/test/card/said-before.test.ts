// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat, type ChatAct } from "../../src/ui/chat.js";
import { Conversation } from "../../src/ha/conversation.js";
import type { StoredMessage } from "../../src/ha/history.js";
import { translator } from "../../src/ui/translate.js";

const SAID_MS = new Date(2026, 4, 3, 18, 5).getTime();
const message: StoredMessage = {
  id: 1,
  session_id: "s",
  parent_id: null,
  role: "user",
  display: "Hello <b>you</b>",
  turn_id: "t",
  created_ms: SAID_MS,
  cut_ms: null,
  alternatives: [],
};

let chat: Chat;
let acts: ChatAct[];

beforeEach(async () => {
  const conversation = new Conversation();
  const answer = { ...message, id: 5, role: "assistant" as const, display: "Good evening!" };
  conversation.restore([message, { ...answer, alternatives: [2, 5, 9] }]);
  chat = new Chat();
  acts = [];
  Object.assign(chat, { turns: conversation.turns, say: translator("en"), language: "en-GB" });
  chat.addEventListener("act", (event) => acts.push((event as CustomEvent<ChatAct>).detail));
  document.body.append(chat);
  await chat.updateComplete;
});
afterEach(() => chat.remove());

/** Press a button by its name. */
const press = (name: string) =>
  chat.renderRoot.querySelector<HTMLButtonElement>(`button[aria-label="${name}"]`)!.click();

describe("what was said", () => {
  test("carries its time, with the day where it is not today's", () => {
    const time = chat.renderRoot.querySelector("time")!;
    expect(time.textContent).toBe("3 May, 18:05");
    expect(time.dateTime).toBe(new Date(SAID_MS).toISOString());
  });

  test("can be changed and asked again", () => {
    press("Change and ask again");
    expect(acts).toMatchObject([{ kind: "edit", turn: { heard: "Hello <b>you</b>" } }]);
  });

  test("is answered anew, and spoken again", () => {
    press("Answer anew");
    press("Speak it again");
    expect(acts.map(({ kind }) => kind)).toEqual(["regenerate", "speak"]);
  });

  test("has arrows to the versions beside it", () => {
    expect(chat.renderRoot.textContent).toContain("2/3");
    press("The version before");
    press("The next version");
    expect(acts).toEqual([
      { kind: "walk", message_id: 2 },
      { kind: "walk", message_id: 9 },
    ]);
  });

  test("is copied as it stands", () => {
    const copied = vi.fn(() => Promise.resolve());
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText: copied } });
    press("Copy");
    expect(copied).toHaveBeenCalledWith("Good evening!");
    vi.unstubAllGlobals();
  });
});

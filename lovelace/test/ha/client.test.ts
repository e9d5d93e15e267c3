import { beforeEach, describe, expect, test, vi } from "vitest";
import { CompanionClient, type Link } from "../../src/ha/client.js";
import type { Character, Envelope } from "../../src/ha/messages.js";
import { FakeConnection, settle } from "../companion/fake-connection.js";
import { websocket } from "../golden.js";

let connection: FakeConnection;
let envelopes: Envelope[];
let links: Link[];
let characters: Character[];
let client: CompanionClient;

beforeEach(() => {
  connection = new FakeConnection();
  [envelopes, links, characters] = [[], [], []];
  client = new CompanionClient(connection.hass, {
    onEnvelope: (envelope) => envelopes.push(envelope),
    onLink: (link) => links.push(link),
    onCharacters: (all) => (characters = all),
  });
});

/** Find a golden command. */
function golden(type: string) {
  return websocket.commands.find((command) => command.type === type)!;
}

describe("the subscription", () => {
  test("delivers every golden envelope once and in order", async () => {
    client.open();
    await settle();
    websocket.envelopes.forEach((envelope) => connection.emit(envelope));
    connection.emit(websocket.envelopes[2]);
    expect(envelopes).toEqual(websocket.envelopes);
    expect(links.at(-1)).toBe("ready");
  });

  test("asks for the characters of the golden file", async () => {
    const all = (websocket.results["waifu_rt3d/subscribe"] as { characters: Character[] })
      .characters;
    connection.answers["waifu_rt3d/characters"] = all;
    client.open();
    await settle();
    expect(characters).toEqual(all);
    expect(connection.of("waifu_rt3d/characters")).toEqual([golden("waifu_rt3d/characters")]);
  });

  test("resumes after the last envelope it has seen", async () => {
    client.open();
    await settle();
    const first = websocket.envelopes[0]!;
    connection.emit({ ...first, seq: 3 });
    connection.fire("disconnected");
    expect(links.at(-1)).toBe("offline");
    connection.fire("ready");
    await settle();
    expect(connection.of("waifu_rt3d/subscribe").at(-1)).toEqual(golden("waifu_rt3d/subscribe"));
    connection.emit(first);
    expect(envelopes.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  test("goes on when Home Assistant was restarted and counts anew", async () => {
    client.open();
    await settle();
    connection.emit({ ...websocket.envelopes[0], seq: 900 });
    connection.fire("disconnected");
    connection.fire("ready");
    await settle();
    connection.emit({ ...websocket.envelopes[0], seq: 1 });
    connection.emit({ ...websocket.envelopes[1], seq: 2 });
    expect(envelopes.map(({ seq }) => seq)).toEqual([900, 1, 2]);
  });

  test("waits for a Home Assistant that starts and has not set the companion up yet", async () => {
    vi.useFakeTimers();
    client.open();
    await settle();
    connection.fire("disconnected");
    connection.refusals["waifu_rt3d/subscribe"] = { code: "unknown_command" };
    connection.fire("ready");
    await settle();
    expect(links.at(-1)).toBe("offline");
    delete connection.refusals["waifu_rt3d/subscribe"];
    await vi.advanceTimersByTimeAsync(2000);
    await settle();
    expect(links.at(-1)).toBe("ready");
    vi.useRealTimers();
  });

  test("drops what an older subscription still delivers", async () => {
    client.open();
    await settle();
    connection.fire("disconnected");
    connection.fire("ready");
    await settle();
    connection.subscriptions[0]!(websocket.envelopes[0]);
    expect(envelopes).toEqual([]);
  });

  test.each([
    ["missing", { code: "unknown_command", message: "Unknown command." }],
    ["failed", { code: "home_assistant_error", message: "no" }],
    ["offline", 3],
  ])("that is refused is %s", async (link, refusal) => {
    connection.refusals["waifu_rt3d/subscribe"] = refusal;
    client.open();
    await settle();
    expect(links.at(-1)).toBe(link);
    connection.refusals = {};
    client.retry();
    await settle();
    expect(links.at(-1)).toBe("ready");
  });

  test("passes over what it does not know", async () => {
    client.open();
    await settle();
    const good = websocket.envelopes[0]!;
    for (const odd of [null, 7, "x", {}, { ...good, v: 2 }, { ...good, kind: "later" }])
      connection.emit(odd);
    expect(envelopes).toEqual([]);
  });

  test("leaves nothing behind when it is closed", async () => {
    client.open();
    await settle();
    client.close();
    connection.emit(websocket.envelopes[0]);
    expect(envelopes).toEqual([]);
    expect(connection.listeners).toBe(0);
  });
});

describe("the commands", () => {
  test("are those of the golden file", async () => {
    const { text, character, session_id, speak, area } = golden("waifu_rt3d/turn/start") as {
      area: string;
      text: string;
      character: string;
      session_id: string;
      speak: boolean;
      type: string;
    };
    const turn_id = golden("waifu_rt3d/turn/cancel")["turn_id"] as string;
    connection.answers["waifu_rt3d/clock"] = websocket.results["waifu_rt3d/clock"];
    await client.startTurn(text, { character, session_id, speak, area });
    connection.answers["waifu_rt3d/turn/listen"] = websocket.results["waifu_rt3d/turn/listen"];
    const listened = await client.listen({
      ...{ character, session_id, speak, area },
      hold: false,
      check: false,
    });
    expect(listened).toEqual(websocket.results["waifu_rt3d/turn/listen"]);
    await client.cancelTurn(turn_id);
    await client.reportPlayed(turn_id, "started", 0);
    expect(await client.askClock()).toBe(1796000000000.5);
    const { timers } = websocket.results["waifu_rt3d/timers"] as { timers: { id: string }[] };
    connection.answers["waifu_rt3d/timers"] = { timers };
    expect(await client.timers()).toEqual(timers);
    await client.stopTimer(timers[0]!.id);
    await client.come("kitchen", "default");
    await client.meet("default");
    await client.reportProblem("K7Q2MX", "sound_failed");
    expect(connection.sent).toEqual(websocket.commands.slice(2));
  });

  test("send sound as one byte of its number and samples in little-endian order", () => {
    client.sendFrame(3, Int16Array.of(1, -2));
    client.sendFrame(3);
    expect(connection.socket.sent.map((message) => [...message])).toEqual([
      [3, 1, 0, 254, 255],
      [3],
    ]);
  });
});

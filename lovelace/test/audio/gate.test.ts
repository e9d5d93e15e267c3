import { expect, test } from "vitest";
import { VoiceGate } from "../../src/audio/gate.js";

/** Push a level for a while; gives the time after which the gate opened. */
function push(gate: VoiceGate, level_db: number, ms: number, speaking = false): number | null {
  for (let at = 20; at <= ms; at += 20)
    if (gate.push(10 ** (level_db / 20), 20, speaking)) return at;
  return null;
}

test("a voice opens the gate after 150 ms, a click does not", () => {
  const gate = new VoiceGate();
  expect(push(gate, -50, 2000)).toBeNull();
  expect(push(gate, -25, 100)).toBeNull();
  expect(push(gate, -50, 500)).toBeNull();
  expect(push(gate, -25, 1000)).toBe(160);
});

test("steady noise never opens it, digital silence before it neither", () => {
  const gate = new VoiceGate();
  expect(push(gate, -120, 1000)).toBeNull();
  expect(push(gate, -48, 5000)).toBeNull();
  expect(push(gate, -30, 400)).not.toBeNull();
});

test("while she speaks more is needed, so that her own echo does not interrupt her", () => {
  const [quiet, echo] = [new VoiceGate(), new VoiceGate()];
  push(quiet, -50, 1000);
  push(echo, -50, 1000);
  expect(push(quiet, -38, 400, false)).not.toBeNull();
  expect(push(echo, -38, 400, true)).toBeNull();
  expect(push(echo, -30, 400, true)).not.toBeNull();
});

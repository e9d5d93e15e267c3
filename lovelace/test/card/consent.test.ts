// @vitest-environment happy-dom

import { render } from "lit";
import { expect, it, vi } from "vitest";
import { Conversation } from "../../src/ha/conversation.js";
import { isEnvelope } from "../../src/ha/messages.js";
import { consentButtons, openConsent } from "../../src/ui/consent.js";
import { websocket } from "../golden.js";

const { confirmation } = websocket;

function asked(person: string | null = null) {
  const envelope = structuredClone(confirmation);
  if (envelope.kind !== "confirm") throw new Error("not a confirmation");
  envelope.data.person = person;
  return { turn: new Conversation().apply(envelope), until_ms: envelope.data.until_epoch_ms };
}

it("understands the envelope of the contract", () => {
  expect(isEnvelope(confirmation)).toBe(true);
});

it("shows the question until it is too old", () => {
  const { turn, until_ms } = asked();
  expect(openConsent(turn, "me", until_ms - 1)).not.toBeNull();
  expect(openConsent(turn, "me", until_ms + 1)).toBeNull();
});

it("offers nothing to another person", () => {
  const { turn, until_ms } = asked("you");
  expect(openConsent(turn, "me", until_ms - 1)).toBeNull();
  expect(openConsent(turn, "you", until_ms - 1)).not.toBeNull();
});

it("says the word of the button", () => {
  const conversation = new Conversation();
  const envelope = structuredClone(confirmation);
  if (envelope.kind !== "confirm") throw new Error("not a confirmation");
  envelope.data.until_epoch_ms = Date.now() + 60_000;
  conversation.apply(envelope);
  const answer = vi.fn();
  const place = document.createElement("div");
  render(consentButtons({ conversation }, undefined, answer), place);
  for (const button of place.querySelectorAll("button")) button.click();
  expect(answer.mock.calls).toEqual([["Yes, please"], ["No, thanks"]]);
});

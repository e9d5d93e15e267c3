// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
import { AT_HOME_AFTER_MS, belongsTo, Whereabouts } from "../../src/companion/whereabouts.js";
import { Conversation } from "../../src/ha/conversation.js";
import { asksForRoom } from "../../src/ui/room-prompt.js";
import type { Hass } from "../../src/ha/hass.js";

beforeEach(() => localStorage.clear());

describe("one character has one body", () => {
  test("she is in the room in which she is spoken to, and not in the others", () => {
    const where = new Whereabouts();
    where.follow({ character: "mira", area: "kitchen" }, 1000);
    expect(where.elsewhere("mira", "bedroom", 2000)).toBe("kitchen");
    expect(where.elsewhere("mira", "kitchen", 2000)).toBeNull();
    expect(where.elsewhere("rowan", "bedroom", 2000)).toBeNull();
  });

  test("a browser that belongs to no room always shows her", () => {
    const where = new Whereabouts();
    where.follow({ character: "mira", area: "kitchen" }, 1000);
    expect(where.elsewhere("mira", null, 2000)).toBeNull();
    expect(where.elsewhere("mira", undefined, 2000)).toBeNull();
  });

  test("after a while of silence she is at home everywhere", () => {
    const where = new Whereabouts();
    where.follow({ character: "mira", area: "kitchen" }, 1000);
    expect(where.elsewhere("mira", "bedroom", 1000 + AT_HOME_AFTER_MS)).toBeNull();
  });

  test("a turn without a room moves nobody", () => {
    const where = new Whereabouts();
    where.follow({ character: "mira", area: "kitchen" }, 1000);
    where.follow({ character: "mira", area: null }, 2000);
    expect(where.elsewhere("mira", "bedroom", 2000)).toBe("kitchen");
  });
});

describe("the room of a browser", () => {
  const hass = {
    areas: { kitchen: { name: "Kitchen" } },
    devices: { d: { area_id: "kitchen" } },
    entities: { "assist_satellite.k": { device_id: "d" }, "light.k": { area_id: "cellar" } },
  } as unknown as Hass;

  test("is asked for once, where a satellite listens", () => {
    const where = new Whereabouts();
    expect(where.room).toBeUndefined();
    expect(asksForRoom(hass, where.room)).toBe(true);
    expect(asksForRoom({ ...hass, entities: {} }, where.room)).toBe(false);
    where.choose(null);
    expect(where.room).toBeNull();
    expect(asksForRoom(hass, where.room)).toBe(false);
    where.choose("kitchen");
    expect(new Whereabouts().room).toBe("kitchen");
  });
});

test("what a satellite hears is shown in its own room only, what is written everywhere", () => {
  const turn = new Conversation().begin("t", "Hello", "s");
  const heard = { ...turn, origin: "satellite", area: "kitchen" } as const;
  expect(belongsTo(heard, "kitchen")).toBe(true);
  expect(belongsTo(heard, "bedroom")).toBe(false);
  expect(belongsTo(heard, null)).toBe(true);
  expect(belongsTo({ ...heard, area: null }, "bedroom")).toBe(true);
  expect(belongsTo({ ...heard, origin: "card" }, "bedroom")).toBe(true);
});

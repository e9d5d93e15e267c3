import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MicrophoneError } from "../../src/audio/microphone.js";
import type { Frame } from "../../src/audio/frames.js";
import { Listener, type TalkOptions } from "../../src/companion/listener.js";
import { settle } from "./fake-connection.js";

const HANDLER = 7;

/** A microphone that a test speaks into. */
class FakeEars {
  open = false;
  closed = 0;
  refusal: unknown = null;
  private _onFrame: ((frame: Frame) => void) | null = null;

  listen(onFrame: (frame: Frame) => void): Promise<void> {
    this._onFrame = onFrame;
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- browsers reject with DOMException
    if (this.refusal) return Promise.reject(this.refusal);
    this.open = true;
    return Promise.resolve();
  }

  rest(): void {
    [this.open, this._onFrame] = [false, null];
  }

  close(): void {
    this.rest();
    this.closed++;
  }

  /** Speak for a while; each frame carries its number. */
  speak(frames: number, level = 0.1): void {
    for (let i = 0; i < frames; i++)
      this._onFrame?.({ pcm: new Int16Array(320).fill(++this.spoken), level });
  }
  spoken = 0;
}

let ears: FakeEars;
let listener: Listener;
/** What the house got: numbers of frames, "end" for the empty one. */
let sent: (number | "end")[];
let asked: object[];
let log: string[];
let speaking: boolean;
let answer: () => Promise<{ turn_id: string; session_id: string; handler_id: number }>;

beforeEach(() => {
  vi.useFakeTimers();
  [ears, sent, asked, log, speaking] = [new FakeEars(), [], [], [], false];
  let turns = 0;
  answer = () => Promise.resolve({ turn_id: `t${++turns}`, session_id: "s", handler_id: HANDLER });
  listener = new Listener(
    {
      listen: (options) => {
        asked.push(options);
        return answer();
      },
      sendFrame: (handler_id, pcm) => {
        expect(handler_id).toBe(HANDLER);
        sent.push(pcm ? pcm[0]! : "end");
      },
    },
    {
      onChange: () => undefined,
      onTurn: (turn_id) => log.push(`turn ${turn_id}`),
      onRefused: () => log.push("refused"),
      onDeaf: () => log.push("deaf"),
      interrupt: () => log.push("interrupt"),
      cancel: (turn_id) => log.push(`cancel ${turn_id}`),
      speaking: () => speaking,
      busy: () => speaking,
    },
    ears,
  );
});

afterEach(() => vi.useRealTimers());

/** Tap the button and let the device open. */
async function tap(options: TalkOptions = {}): Promise<void> {
  listener.press(options);
  listener.release();
  await settle();
}

describe("tap to talk", () => {
  test("records from the first sound, sends what waited, and ends when the house has heard", async () => {
    await tap({ speak: true });
    expect(listener.state).toBe("opening");
    ears.speak(3);
    expect(listener.state).toBe("recording");
    await settle();
    ears.speak(2);
    expect(asked).toEqual([{ speak: true, hold: false }]);
    expect(sent).toEqual([1, 2, 3, 4, 5]);
    listener.heard("t1");
    expect(listener.state).toBe("off");
    expect(ears.open).toBe(false);
    expect(sent).not.toContain("end");
  });

  test("a second tap says that the person has finished", async () => {
    await tap();
    ears.speak(1);
    await settle();
    listener.press({});
    expect(sent).toEqual([1, "end"]);
    expect(listener.state).toBe("off");
  });
});

describe("push to talk", () => {
  test("ends with the release, through every pause", async () => {
    listener.press({});
    await settle();
    ears.speak(4, 0);
    vi.advanceTimersByTime(400);
    expect(listener.held).toBe(true);
    await settle();
    ears.speak(1);
    listener.release();
    expect(asked).toEqual([{ hold: true }]);
    expect(sent).toEqual([1, 2, 3, 4, 5, "end"]);
  });

  test("a release before the house has answered loses no sound", async () => {
    let open: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (open = resolve));
    answer = () => wait.then(() => ({ turn_id: "late", session_id: "s", handler_id: HANDLER }));
    listener.press({});
    await settle();
    ears.speak(2);
    vi.advanceTimersByTime(400);
    listener.release();
    expect(sent).toEqual([]);
    open();
    await settle();
    expect(sent).toEqual([1, 2, "end"]);
    expect(log).toContain("turn late");
  });

  test("let go before the device opened records nothing", async () => {
    listener.press({});
    vi.advanceTimersByTime(400);
    listener.release();
    await settle();
    ears.speak(3);
    expect(listener.state).toBe("off");
    expect(asked).toEqual([]);
  });
});

describe("dropping", () => {
  test("cancels the turn and sends no more", async () => {
    await tap();
    ears.speak(1);
    await settle();
    listener.abandon();
    ears.speak(2);
    expect(log).toContain("cancel t1");
    expect(sent).toEqual([1]);
  });

  test("before the house has answered cancels the turn once it is known", async () => {
    await tap();
    ears.speak(1);
    listener.abandon();
    await settle();
    expect(log).toContain("cancel t1");
    expect(sent).toEqual([]);
  });

  test("a lost connection closes the device at once", async () => {
    await tap();
    ears.speak(1);
    listener.close();
    expect(ears.closed).toBe(1);
    expect(listener.state).toBe("off");
  });
});

describe("what goes wrong", () => {
  test.each([
    [new MicrophoneError("denied"), "denied"],
    [new MicrophoneError("absent"), "absent"],
    [new Error("?"), "failed"],
  ] as const)("%s is told as %s, and a new press tries again", async (error, barrier) => {
    ears.refusal = error;
    await tap();
    expect(listener.barrier).toBe(barrier);
    expect(log).toContain("deaf");
    expect(listener.state).toBe("off");
    ears.refusal = null;
    await tap();
    expect(listener.barrier).toBeNull();
  });

  test("a house that refuses to listen closes the microphone", async () => {
    answer = () => Promise.reject(new Error("not_found"));
    await tap();
    ears.speak(1);
    await settle();
    expect(log).toContain("refused");
    expect(listener.state).toBe("off");
  });
});

describe("barge-in", () => {
  test("a tap stops her before the microphone opens", () => {
    listener.press({});
    expect(log).toEqual(["interrupt"]);
  });

  test("a voice stops her in a hands-free talk, and the second before it is heard, too", async () => {
    await tap({ hands_free: true });
    ears.speak(1);
    await settle();
    listener.heard("t1");
    expect(listener.state).toBe("armed");
    speaking = true;
    ears.speak(100, 0.003);
    expect(asked).toHaveLength(1);
    log.length = 0;
    ears.speak(10, 0.2);
    expect(log[0]).toBe("interrupt");
    await settle();
    expect(asked).toHaveLength(2);
    const second = sent.slice(1);
    expect(second.length).toBeGreaterThanOrEqual(50);
    expect(second.at(-1)).toBe(ears.spoken);
  });

  test("a hands-free talk ends after ten quiet seconds, but not while she speaks", async () => {
    await tap({ hands_free: true });
    ears.speak(1);
    await settle();
    listener.heard("t1");
    speaking = true;
    ears.speak(1000, 0.003);
    expect(listener.state).toBe("armed");
    speaking = false;
    ears.speak(499, 0.003);
    expect(listener.state).toBe("armed");
    ears.speak(1, 0.003);
    expect(listener.state).toBe("off");
    expect(ears.open).toBe(false);
  });
});

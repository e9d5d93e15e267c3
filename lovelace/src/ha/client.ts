/** The companion's websocket commands (docs/contracts.md §6), over Home Assistant's own connection. */

import type { Connection } from "home-assistant-js-websocket";
import type { PlayState } from "../audio/player.js";
import {
  type Character,
  type CompanionEnvelope,
  type Envelope,
  isEnvelope,
  type Timer,
} from "./messages.js";

/** The part of Home Assistant's connection that is used. */
export type HassConnection = Pick<
  Connection,
  | "subscribeMessage"
  | "sendMessagePromise"
  | "addEventListener"
  | "removeEventListener"
  | "connected"
  | "socket"
>;

/** The connection's state, as the card words it. */
export type Link = "connecting" | "ready" | "offline" | "missing" | "failed";

/** With whom a turn is held, and whether the answer is spoken. */
export interface ListenOptions {
  character?: string;
  session_id?: string;
  speak?: boolean;
  /** The room in which it is said. */
  area?: string;
}

/** The turn that listens, and the number of its sound. */
export interface Listened {
  turn_id: string;
  session_id: string;
  handler_id: number;
}

export interface ClientEvents {
  onEnvelope: (envelope: CompanionEnvelope) => void;
  onLink: (link: Link) => void;
  onCharacters: (characters: Character[]) => void;
}

/** A Home Assistant that starts takes connections before the companion is there. */
const STARTING_MS = 2000;

export class CompanionClient {
  private _unsubscribe: (() => Promise<void>) | null = null;
  private _last_seq: number | null = null;
  private _open = false;
  private _was_ready = false;
  private _again: ReturnType<typeof setTimeout> | null = null;
  /** Counts subscriptions: what an older one still delivers is dropped. */
  private _generation = 0;

  constructor(
    private readonly _connection: HassConnection,
    private readonly _events: ClientEvents,
  ) {}

  /** Subscribe, and again after every reconnect. */
  open(): void {
    if (this._open) return;
    this._open = true;
    this._connection.addEventListener("ready", this._onReady);
    this._connection.addEventListener("disconnected", this._onDisconnected);
    void this._subscribe();
  }

  /** Leave the subscription. */
  close(): void {
    this._open = false;
    this._generation++;
    if (this._again) clearTimeout(this._again);
    this._connection.removeEventListener("ready", this._onReady);
    this._connection.removeEventListener("disconnected", this._onDisconnected);
    // The connection may be gone already; then there is nothing to leave.
    void this._unsubscribe?.().catch(() => undefined);
    this._unsubscribe = null;
  }

  /** Subscribe again, after a failure that the person wants retried. */
  retry(): void {
    if (this._open) void this._subscribe();
  }

  /** Begin a turn with a typed text. */
  startTurn(text: string, options: ListenOptions) {
    return this._connection.sendMessagePromise<{ turn_id: string; session_id: string }>({
      type: "waifu_rt3d/turn/start",
      text,
      ...options,
    });
  }

  /** Begin a turn with the microphone; with `hold` only we say when the speech has ended. */
  listen(options: ListenOptions & { hold: boolean; check?: boolean }): Promise<Listened> {
    return this._connection.sendMessagePromise<Listened>({
      type: "waifu_rt3d/turn/listen",
      ...options,
    });
  }

  /** Send sound of a listening turn (16 kHz, 16 bit, mono); nothing is its end. */
  sendFrame(handler_id: number, pcm?: Int16Array<ArrayBuffer>): void {
    const message = new Uint8Array(1 + (pcm?.byteLength ?? 0));
    message[0] = handler_id;
    if (pcm) message.set(new Uint8Array(pcm.buffer), 1);
    this._connection.socket?.send(message);
  }

  /** Stop a turn, in thought or in the middle of a word. */
  async cancelTurn(turn_id: string): Promise<void> {
    await this._connection.sendMessagePromise({ type: "waifu_rt3d/turn/cancel", turn_id });
  }

  /** Report what has been heard from this page's loudspeaker. */
  async reportPlayed(turn_id: string, state: PlayState, audio_ms: number): Promise<void> {
    await this._connection.sendMessagePromise({
      type: "waifu_rt3d/turn/played",
      turn_id,
      state,
      audio_ms,
    });
  }

  /** Give an address under which the browser may fetch a file for half a minute, also where that needs a login. */
  async signed(path: string): Promise<string> {
    if (!path.startsWith("/api/")) return path;
    const answer = await this._connection.sendMessagePromise<{ path: string }>({
      type: "auth/sign_path",
      path,
    });
    return answer.path;
  }

  /** Begin the first meeting; gives its turn, null where they have met. */
  async meet(character?: string): Promise<string | null> {
    const { turn_id } = await this._connection.sendMessagePromise<{ turn_id?: string | null }>({
      type: "waifu_rt3d/meet",
      ...(character ? { character } : {}),
    });
    return turn_id ?? null;
  }

  /** Call her into a room. */
  async come(area: string, character: string): Promise<void> {
    await this._connection.sendMessagePromise({ type: "waifu_rt3d/come", area, character });
  }

  /** Give the timers that run in the house's rooms. */
  async timers(): Promise<Timer[]> {
    const answer = await this._connection.sendMessagePromise<{ timers?: Timer[] }>({
      type: "waifu_rt3d/timers",
    });
    return answer.timers ?? [];
  }

  /** Stop a timer. */
  async stopTimer(timer_id: string): Promise<void> {
    await this._connection.sendMessagePromise({ type: "waifu_rt3d/timers/stop", timer_id });
  }

  /** Have a problem written down that the person was told of. */
  async reportProblem(problem_id: string, code: string): Promise<void> {
    await this._connection.sendMessagePromise({ type: "waifu_rt3d/problem", problem_id, code });
  }

  /** Ask Home Assistant's clock. */
  async askClock(): Promise<number> {
    const answer = await this._connection.sendMessagePromise<{ epoch_ms: number }>({
      type: "waifu_rt3d/clock",
    });
    return answer.epoch_ms;
  }

  private readonly _onReady = (): void => void this._subscribe();

  private readonly _onDisconnected = (): void => {
    this._generation++;
    this._unsubscribe = null;
    if (this._again) clearTimeout(this._again);
    this._events.onLink("offline");
  };

  private async _subscribe(): Promise<void> {
    if (this._again) clearTimeout(this._again);
    this._again = null;
    const generation = ++this._generation;
    const seq = this._last_seq;
    let first = true;
    this._events.onLink("connecting");
    try {
      const unsubscribe = await this._connection.subscribeMessage<unknown>(
        (message) => {
          if (generation !== this._generation || !isEnvelope(message)) return;
          this._take(message, first);
          first = false;
        },
        { type: "waifu_rt3d/subscribe", ...(seq === null ? {} : { after_seq: seq }) },
        // Left to itself the connection would resubscribe with the old after_seq.
        { resubscribe: false },
      );
      if (generation !== this._generation) return void unsubscribe().catch(() => undefined);
      this._unsubscribe = unsubscribe;
      // The connection keeps the answer of a subscription to itself, so the characters are asked for.
      const characters = await this._connection.sendMessagePromise<Character[]>({
        type: "waifu_rt3d/characters",
      });
      if (generation !== this._generation) return;
      this._events.onCharacters(characters);
      this._was_ready = true;
      this._events.onLink("ready");
    } catch (error) {
      if (generation === this._generation) this._refused(linkAfter(error));
    }
  }

  /** Tell what a refusal means; what was there before the restart comes again. */
  private _refused(link: Link): void {
    const starts = this._was_ready && link === "missing";
    this._events.onLink(starts ? "offline" : link);
    if (starts) this._again = setTimeout(() => void this._subscribe(), STARTING_MS);
  }

  /** Pass an envelope on once; numbers that begin anew mean that Home Assistant was restarted. */
  private _take(envelope: Envelope, first: boolean): void {
    const known = this._last_seq !== null && envelope.seq <= this._last_seq;
    if (known && !first) return;
    this._last_seq = envelope.seq;
    if (envelope.kind === "characters") this._events.onCharacters(envelope.data.characters);
    else this._events.onEnvelope(envelope);
  }
}

/** Tell what a refused subscription means. */
function linkAfter(error: unknown): Link {
  // home-assistant-js-websocket rejects with the bare number 3 (ERR_CONNECTION_LOST) when the socket breaks.
  if (error === 3) return "offline";
  const code = (error as { code?: string } | null)?.code;
  return code === "unknown_command" ? "missing" : "failed";
}

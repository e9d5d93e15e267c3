/** A connection to Home Assistant that a test holds in its hand. */

import type { HassConnection } from "../../src/ha/client.js";

type Message = { type: string; [field: string]: unknown };
type Listener = () => void;

export class FakeConnection {
  connected = true;
  sent: Message[] = [];
  /** What went over the wire as bytes. */
  readonly socket = {
    sent: [] as Uint8Array[],
    send(message: Uint8Array): void {
      this.sent.push(message);
    },
  };
  /** What a command is refused with. */
  refusals: Record<string, unknown> = {};
  /** What a command is answered with. */
  answers: Record<string, unknown> = { "waifu_rt3d/characters": [] };
  subscriptions: ((message: unknown) => void)[] = [];
  private readonly _listeners = new Map<string, Set<Listener>>();

  /** Give it as the type that the card takes. */
  get hass(): HassConnection {
    return this as unknown as HassConnection;
  }

  addEventListener(name: string, listener: Listener): void {
    if (!this._listeners.has(name)) this._listeners.set(name, new Set());
    this._listeners.get(name)!.add(listener);
  }

  removeEventListener(name: string, listener: Listener): void {
    this._listeners.get(name)?.delete(listener);
  }

  subscribeMessage(callback: (message: unknown) => void, message: Message) {
    this.sent.push(message);
    const refusal = this.refusals[message.type];
    // home-assistant-js-websocket rejects with plain objects and numbers, not with errors.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as above
    if (refusal !== undefined) return Promise.reject(refusal);
    this.subscriptions.push(callback);
    return Promise.resolve(() => Promise.resolve());
  }

  sendMessagePromise(message: Message): Promise<unknown> {
    this.sent.push(message);
    const refusal = this.refusals[message.type];
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as above
    if (refusal !== undefined) return Promise.reject(refusal);
    return Promise.resolve(this.answers[message.type] ?? {});
  }

  fire(name: string): void {
    for (const listener of this._listeners.get(name) ?? []) listener();
  }

  /** Send an envelope through the newest subscription. */
  emit(message: unknown): void {
    this.subscriptions.at(-1)?.(message);
  }

  /** Give the commands of a type that were sent. */
  of(type: string): Message[] {
    return this.sent.filter((message) => message.type === type);
  }

  get listeners(): number {
    return [...this._listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

/** Let everything run that waits for a resolved promise. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

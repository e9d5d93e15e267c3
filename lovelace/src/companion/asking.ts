/** A typed text on its way to Home Assistant; it can be stopped before its turn has a name. */

import type { CompanionClient, ListenOptions } from "../ha/client.js";
import type { Conversation } from "../ha/conversation.js";

export class Asking {
  /** A text is on its way. */
  sending = false;
  private _unwanted = false;

  constructor(
    private readonly _client: CompanionClient,
    private readonly _conversation: Conversation,
    private readonly _cancel: (turn_id: string) => void,
  ) {}

  /** Begin the turn of a text; false when Home Assistant did not take it. */
  async ask(text: string, options: ListenOptions, session_id?: string): Promise<boolean> {
    this.sending = true;
    this._unwanted = false;
    const session = session_id ? { session_id } : {};
    try {
      const begun = await this._client.startTurn(text, { ...options, ...session });
      this._conversation.begin(begun.turn_id, text, begun.session_id);
      if (this._unwanted) this._cancel(begun.turn_id);
      return true;
    } catch {
      return false;
    } finally {
      this.sending = false;
    }
  }

  /** Stop what is on its way: its turn ends as soon as it is known. */
  stop(): void {
    this._unwanted = this.sending;
  }
}

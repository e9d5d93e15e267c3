/** A typed text on its way to Home Assistant; it can be stopped before its turn has a name. */

import type { CompanionClient, ListenOptions } from "../ha/client.js";
import type { Conversation } from "../ha/conversation.js";

/** A text that was sent and whose turn is not known yet. */
class Sent {
  unwanted = false;
}

export class Asking {
  private _asked: Sent | null = null;

  constructor(
    private readonly _client: CompanionClient,
    private readonly _conversation: Conversation,
    private readonly _cancel: (turn_id: string) => void,
  ) {}

  /** A text is on its way. */
  get sending(): boolean {
    return this._asked !== null;
  }

  /** Begin the turn of a text; false when Home Assistant did not take it. */
  async ask(text: string, options: ListenOptions, session_id?: string): Promise<boolean> {
    const asked = (this._asked = new Sent());
    const session = session_id ? { session_id } : {};
    try {
      const begun = await this._client.startTurn(text, { ...options, ...session });
      this._conversation.begin(begun.turn_id, text, begun.session_id);
      if (asked.unwanted) this._cancel(begun.turn_id);
      return true;
    } catch {
      return false;
    } finally {
      if (this._asked === asked) this._asked = null;
    }
  }

  /** Stop what is on its way: its turn ends as soon as it is known. */
  stop(): void {
    if (this._asked) this._asked.unwanted = true;
  }
}

/** The first meeting of this person and her: begun once on a page, and skipped at will. */

import type { Conversation } from "../ha/conversation.js";

interface House {
  meet(character?: string): Promise<string | null>;
}

export class Meeting {
  private _asked = false;
  private _turn_id: string | null = null;

  constructor(
    private readonly _house: House,
    private readonly _conversation: Conversation,
  ) {}

  /** Begin it, where they never met. */
  async begin(character?: string): Promise<void> {
    if (this._asked) return;
    this._asked = true;
    // An older integration has no first meeting, and a busy one may be asked the next time.
    this._turn_id = await this._house.meet(character).catch(() => null);
  }

  /** Tell whether she introduces herself now. */
  get goesOn(): boolean {
    return this._turn_id !== null && this._conversation.latest?.id === this._turn_id;
  }
}

/** The conversations that the house remembers, and the one that goes on. */

import type { Conversation } from "../ha/conversation.js";
import type { History, Session } from "../ha/history.js";

/** So many at once are drawn within a frame of a slow tablet, while somebody scrolls. */
const EARLIER = 16;
const STORED_AFTER_MS = 600;

export class Past {
  /** The conversation that goes on; null without a memory. */
  session: Session | null = null;
  /** Those one may go back to. */
  sessions: readonly Session[] = [];
  private _opened = false;
  /** The message before which there is nothing. */
  private _beginning: number | null = null;
  private _fetching = false;

  constructor(
    private readonly _history: History,
    private readonly _conversation: Conversation,
    private readonly _changed: () => void,
  ) {}

  /** Show the conversation in which this person stopped last, once. */
  async open(character?: string): Promise<void> {
    if (this._opened) return;
    this._opened = true;
    try {
      await this.show(await this._history.latest(character), character);
    } catch {
      this._opened = false;
    }
  }

  /** Go on in a conversation. */
  async show(session: Session, character?: string): Promise<void> {
    // Without a memory a house answers nothing of this kind.
    if (!session.id) return;
    this.session = session;
    this._beginning = null;
    const [sessions] = await Promise.all([this._history.sessions(character), this.refresh()]);
    this.sessions = sessions;
    this._changed();
  }

  /** Refresh when a turn that has just ended is stored; until then it stands there as it was. */
  refreshSoon(): void {
    setTimeout(() => void this.refresh().catch(() => undefined), STORED_AFTER_MS);
  }

  /** Show the conversation as the memory has it now. */
  async refresh(): Promise<void> {
    if (!this.session) return;
    const { id } = this.session;
    const messages = await this._history.messages(id);
    if (id !== this.session.id) return;
    this._conversation.restore(messages);
    this._changed();
  }

  /** Show a page of what was said earlier; false when there is no more, or it is on its way. */
  async earlier(): Promise<boolean> {
    const first = this._conversation.turns[0];
    const before = first?.question?.id ?? first?.answer?.id;
    if (!this.session || this._fetching || before === undefined || before === this._beginning)
      return false;
    this._fetching = true;
    try {
      const { id } = this.session;
      const messages = await this._history.messages(id, before, EARLIER);
      if (id !== this.session.id) return false;
      if (messages.length < EARLIER) this._beginning = messages[0]?.id ?? before;
      this._conversation.prepend(messages);
      this._changed();
      return messages.length > 0;
    } finally {
      this._fetching = false;
    }
  }
}

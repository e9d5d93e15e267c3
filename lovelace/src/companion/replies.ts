/** What people do with what was said before: ask anew, change, hear again, look behind it. */

import { unlockSound } from "../audio/output.js";
import type { Conversation, Turn } from "../ha/conversation.js";
import type { History } from "../ha/history.js";
import type { Memory, ToolUse } from "../ha/messages.js";
import type { Past } from "./past.js";

export interface RepliesEvents {
  /** Stop what is said or thought now. */
  interrupt: () => void;
  onChange: () => void;
  /** The house did not take it. */
  onRefused: () => void;
}

export class Replies {
  constructor(
    private readonly _history: History,
    private readonly _conversation: Conversation,
    private readonly _past: Past,
    private readonly _events: RepliesEvents,
  ) {}

  /** Go on in another conversation; null begins a new one. */
  async openSession(session_id: string | null, character?: string): Promise<void> {
    this._events.interrupt();
    await this._try(async () => {
      const session = await this._history.session(session_id, character);
      this._conversation.clear();
      await this._past.show(session, character);
    });
  }

  /** Answer a question anew, beside the old answer. */
  async regenerate(turn: Turn, speak: boolean): Promise<void> {
    const { answer } = turn;
    if (answer) await this._anew(turn, () => this._history.regenerate(answer.id, speak));
  }

  /** Ask something else in the place of an old question; false when the house did not take it. */
  async edit(turn: Turn, text: string, speak: boolean): Promise<boolean> {
    const { question } = turn;
    return (
      question !== null && this._anew(turn, () => this._history.edit(question.id, text, speak))
    );
  }

  /** Speak an answer of before once more. */
  async speak({ answer }: Turn): Promise<void> {
    if (!answer) return;
    void unlockSound();
    this._events.interrupt();
    await this._try(() => this._history.speak(answer.id));
  }

  /** Go to a message that stands beside another. */
  async walk(message_id: number): Promise<void> {
    await this._try(async () => {
      await this._history.walk(message_id);
      await this._past.refresh();
    });
  }

  /** Give the tools of a reply; those of before are fetched. */
  async toolsOf(turn: Turn): Promise<ToolUse[]> {
    if (turn.tool_count > turn.tools.length && turn.answer)
      turn.tools = await this._history.tools(turn.answer.id);
    return turn.tools;
  }

  /** Give what was remembered for a reply; of one of before it is fetched. */
  async recalledFor(turn: Turn): Promise<Memory[]> {
    if (!turn.recalled.length && turn.answer?.turn_id)
      turn.recalled = await this._history.recalled(turn.answer.turn_id);
    return turn.recalled;
  }

  private async _anew(turn: Turn, begin: () => Promise<unknown>): Promise<boolean> {
    void unlockSound();
    this._events.interrupt();
    return this._try(async () => {
      await begin();
      this._conversation.cutFrom(turn.id);
    });
  }

  private async _try(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      this._events.onChange();
      return true;
    } catch {
      this._events.onRefused();
      return false;
    }
  }
}

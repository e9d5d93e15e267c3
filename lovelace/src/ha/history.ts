/** What was said before (docs/contracts.md §6, the memory), as the chat shows it. */

import type { HassConnection } from "./client.js";

export interface StoredMessage {
  id: number;
  session_id: string;
  parent_id: number | null;
  role: "user" | "assistant" | "tool" | "system";
  display: string;
  turn_id: string | null;
  created_ms: number;
  cut_ms: number | null;
  /** The messages that stand beside each other at this place, itself among them; empty when alone. */
  alternatives: number[];
}

export interface Session {
  id: string;
  title: string;
  updated_ms: number;
  messages: number;
  pinned: boolean;
  private: boolean;
}

const PAGE = 60;

/** The memory's commands that a conversation needs. */
export class History {
  constructor(private readonly _connection: Pick<HassConnection, "sendMessagePromise">) {}

  /** Give the session in which this person stopped last. */
  latest(character?: string): Promise<Session> {
    return this._ask("session/continue", character ? { character } : {});
  }

  async sessions(character?: string): Promise<Session[]> {
    const fields = { limit: 50, empty: false, ...(character ? { character } : {}) };
    const { sessions } = await this._ask<{ sessions: Session[] }>("session/list", fields);
    return sessions;
  }

  /** Give a conversation, a new one where none is named. */
  session(session_id: string | null, character?: string): Promise<Session> {
    if (session_id !== null) return this._ask("session/get", { session_id });
    return this._ask("session/create", character ? { character } : {});
  }

  /** Give the newest messages of a session, oldest first. */
  async messages(session_id: string, limit = PAGE): Promise<StoredMessage[]> {
    const fields = { session_id, limit };
    const { messages } = await this._ask<{ messages: StoredMessage[] }>("session/history", fields);
    return messages;
  }

  /** Answer a question anew; the turn comes through the subscription. */
  regenerate(message_id: number, speak: boolean): Promise<{ turn_id: string; session_id: string }> {
    return this._ask("message/regenerate", { message_id, speak });
  }

  /** Ask another question in the place of an old one. */
  edit(
    message_id: number,
    text: string,
    speak: boolean,
  ): Promise<{ turn_id: string; session_id: string }> {
    return this._ask("message/edit", { message_id, text, speak });
  }

  /** Stand on the branch of a message. */
  walk(message_id: number): Promise<Session> {
    return this._ask("message/walk", { message_id });
  }

  private _ask<Answer>(command: string, fields: object): Promise<Answer> {
    return this._connection.sendMessagePromise<Answer>({
      type: `waifu_rt3d/${command}`,
      ...fields,
    });
  }
}

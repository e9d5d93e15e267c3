/** What was said before (docs/contracts.md §6, the memory), as the chat shows it. */

import type { HassConnection } from "./client.js";
import type { Memory, Receipt, ToolUse } from "./messages.js";

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
  /** Who helped, which entities the answer is about, how many tools were used. */
  receipt?: Receipt | null;
  touched?: string[];
  tools?: number;
}

/** A message with what belongs to it. */
export interface MessageDetails extends StoredMessage {
  tool_calls: {
    call_id: string;
    name: string;
    arguments: Record<string, unknown>;
    result: unknown;
    error: string | null;
  }[];
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
  async messages(session_id: string, before?: number, limit = PAGE): Promise<StoredMessage[]> {
    const fields = { session_id, limit, ...(before === undefined ? {} : { before }) };
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

  /** Speak an answer of before once more, here. */
  speak(message_id: number): Promise<{ turn_id: string }> {
    return this._ask("message/speak", { message_id });
  }

  /** Give the tools that an answer of before was made with. */
  async tools(message_id: number): Promise<ToolUse[]> {
    const { tool_calls } = await this._ask<MessageDetails>("message/get", { message_id });
    return tool_calls.map(({ error, ...call }) => ({ ...call, failed: error !== null }));
  }

  /** Give what was remembered for a turn. */
  async recalled(turn_id: string): Promise<Memory[]> {
    const { memories } = await this._ask<{ memories: Memory[] }>("recalled", { turn_id });
    return memories;
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

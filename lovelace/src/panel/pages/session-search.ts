/** What a search in the conversations found: conversations, or places in them. */

export interface Session {
  id: string;
  audience: string;
  character: string;
  title: string;
  updated_ms: number;
  messages: number;
  pinned: boolean;
  archived: boolean;
}

/** A place in a conversation; marks count code points from the start of the snippet. */
export interface Hit {
  message_id: number;
  session_id: string;
  session_title: string;
  character: string;
  role: "user" | "assistant" | "tool" | "system";
  created_ms: number;
  snippet: { text: string; marks: { start: number; length: number }[] };
}

export interface Wanted {
  words: string;
  character: string;
  archived: boolean;
  offset: number;
}

type Ask = (command: string, fields: Record<string, unknown>) => Promise<unknown>;
const PAGE = 60;

export class Found {
  static readonly nothing = new Found([], false);

  private constructor(
    readonly rows: readonly (Session | Hit)[],
    readonly more: boolean,
  ) {}

  /** Look for words in what was said, or list the conversations where there are none. */
  static async ask(ask: Ask, { words, character, archived, offset }: Wanted): Promise<Found> {
    const fields = { limit: PAGE, offset, ...(character ? { character } : {}) };
    if (words) {
      const found = await ask("search", { ...fields, words, as_typed: true });
      const { hits, more } = found as { hits: Hit[]; more: boolean };
      return new Found(hits, more);
    }
    const found = await ask("session/list", { ...fields, archived, empty: false });
    const { sessions, more } = found as { sessions: Session[]; more: boolean };
    return new Found(sessions, more);
  }

  /** The rows with the next ones behind them. */
  followedBy(next: Found): Found {
    return new Found([...this.rows, ...next.rows], next.more);
  }

  /** The rows without those of a conversation. */
  without(session_id: string): Found {
    const kept = this.rows.filter((row) =>
      "message_id" in row ? row.session_id !== session_id : row.id !== session_id,
    );
    return new Found(kept, this.more);
  }
}

/** Part a snippet at its marks, in the order of the text; marks count code points. */
export function markedParts({ text, marks }: Hit["snippet"]): { text: string; marked: boolean }[] {
  const points = [...text];
  const parts: { text: string; marked: boolean }[] = [];
  let at = 0;
  for (const { start, length } of marks) {
    if (start > at) parts.push({ text: points.slice(at, start).join(""), marked: false });
    parts.push({ text: points.slice(start, start + length).join(""), marked: true });
    at = start + length;
  }
  if (at < points.length) parts.push({ text: points.slice(at).join(""), marked: false });
  return parts;
}

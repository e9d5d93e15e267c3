/** One row of the conversations: the conversation itself, or a place in it that was found. */

import { css, html, nothing } from "lit";
import type { Words } from "../words.js";
import { type Hit, markedParts, type Session } from "./session-search.js";
import { joined } from "../parts/joined.js";

export interface RowWords {
  words: Words;
  date: (at_ms: number) => string;
  name: (character: string) => string;
  open: (session_id: string) => void;
  menu: (event: Event, session: Session) => void;
}

/** Rows are drawn inside the list's own tree: their looks go with them. */
export const ROW_LOOKS = css`
  .entry {
    display: flex;
    align-items: center;
    gap: 4px;
    height: 100%;
    box-sizing: border-box;
    border-bottom: 1px solid var(--divider-color, #e0e0e0);
  }
  .entry > .body {
    flex: 1;
    min-width: 0;
    height: 100%;
    padding: 8px 6px;
    border: 0;
    text-align: start;
    font: inherit;
    color: inherit;
    background: none;
    cursor: pointer;
  }
  .entry button:focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: -2px;
  }
  .entry .title {
    display: block;
    font-weight: 500;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .entry .about {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    margin-top: 3px;
    font-size: 0.88em;
    line-height: 1.35;
    overflow: hidden;
    overflow-wrap: anywhere;
    color: var(--secondary-text-color, #595959);
  }
  .entry mark {
    border-radius: 3px;
    background: rgba(255, 193, 7, 0.45);
    color: var(--primary-text-color, #111);
  }
  .entry .more {
    flex: none;
    width: 44px;
    height: 44px;
    border: 0;
    border-radius: 50%;
    background: none;
    color: inherit;
    cursor: pointer;
  }
`;

/** Draw a row. */
export function sessionRow(row: Session | Hit, told: RowWords) {
  return "message_id" in row ? hitRow(row, told) : talkRow(row, told);
}

function talkRow(session: Session, { words, date, name, open, menu }: RowWords) {
  const about = [
    session.pinned ? words("pinned") : "",
    session.audience === "household" ? words("household") : "",
    name(session.character),
    date(session.updated_ms),
    words("messages", { count: String(session.messages) }),
  ];
  return html`<div class="entry">
    <button class="body" @click=${() => open(session.id)}>
      <bdi class="title">${session.title || words("untitled")}</bdi>
      <span class="about">${joined(about)}</span>
    </button>
    <button
      class="more"
      aria-haspopup="menu"
      aria-label=${words("more_about", { title: session.title || words("untitled") })}
      @click=${(event: Event) => menu(event, session)}
    >
      <svg viewBox="0 0 24 24" width="22" height="22" fill="currentColor" aria-hidden="true">
        <circle cx="12" cy="5" r="2" />
        <circle cx="12" cy="12" r="2" />
        <circle cx="12" cy="19" r="2" />
      </svg>
    </button>
  </div>`;
}

function hitRow(hit: Hit, { words, date, name, open }: RowWords) {
  const who = hit.role === "user" ? words("you") : name(hit.character);
  return html`<div class="entry">
    <button class="body" @click=${() => open(hit.session_id)}>
      <bdi class="title">${hit.session_title || words("untitled")}</bdi>
      <span class="about"
        >${joined([who, date(hit.created_ms)])}:
        <bdi
          >${markedParts(hit.snippet).map((part) =>
            part.marked ? html`<mark>${part.text}</mark>` : part.text,
          )}</bdi
        >${nothing}</span
      >
    </button>
  </div>`;
}

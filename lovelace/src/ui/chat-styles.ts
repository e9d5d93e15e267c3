/** How the conversation looks. */

import { css } from "lit";

export const chatStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    overflow-y: auto;
    overscroll-behavior: contain;
    color: var(--primary-text-color, #111);
  }
  ol {
    display: flex;
    flex-direction: column;
    gap: 10px;
    box-sizing: border-box;
    flex: 1 0 auto;
    margin: 0;
    padding: 14px;
    list-style: none;
    justify-content: flex-end;
  }
  li {
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  /* What is out of sight is neither laid out nor painted: ten thousand messages scroll like ten. */
  li.past {
    content-visibility: auto;
    contain-intrinsic-size: auto 150px;
  }
  p {
    margin: 0;
    padding: 9px 14px;
    border-radius: 18px;
    max-width: min(85%, 44em);
    width: fit-content;
    box-sizing: border-box;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  p > span {
    white-space: pre-wrap;
  }
  .mine {
    align-self: flex-end;
    border-end-end-radius: 5px;
    background: rgba(var(--rgb-primary-color, 3, 169, 244), 0.2);
  }
  .partial {
    opacity: 0.75;
  }
  .hers {
    align-self: flex-start;
    border-end-start-radius: 5px;
    background: var(--secondary-background-color, #eee);
  }
  .quiet,
  .empty {
    padding: 0 6px;
    font-size: 0.85em;
    color: var(--secondary-text-color, #666);
    background: none;
  }
  .empty {
    align-self: center;
    margin: auto;
  }
  .acts {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    max-width: 100%;
    gap: 2px;
    margin-top: -6px;
    font-size: 0.8em;
    color: var(--secondary-text-color, #666);
  }
  .acts.own {
    align-self: flex-end;
  }
  .acts time,
  .acts .receipt span {
    padding: 0 6px;
    white-space: nowrap;
  }
  .acts .receipt {
    display: flex;
    align-items: center;
    width: auto;
    min-width: 0;
    max-width: 100%;
    padding: 0 4px;
    border-radius: 18px;
    font: inherit;
  }
  .acts .receipt span {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .acts .receipt svg {
    flex: none;
  }
  .acts .receipt .more {
    transition: transform 0.2s;
  }
  .acts .receipt[aria-expanded="true"] .more {
    transform: rotate(180deg);
  }
  .pictures img {
    display: block;
    max-width: min(85%, 26em);
    max-height: 300px;
    border-radius: 14px;
  }
  .acts button {
    display: grid;
    place-items: center;
    width: 36px;
    height: 36px;
    padding: 0;
    border: 0;
    border-radius: 50%;
    cursor: pointer;
    background: none;
    color: inherit;
  }
  .acts svg {
    width: 16px;
    height: 16px;
  }
  .acts button:disabled {
    opacity: 0.35;
    cursor: default;
  }
  .acts button:focus-visible,
  select:focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: -2px;
  }
  select {
    position: sticky;
    z-index: 1;
    top: 0;
    flex: none;
    width: calc(100% - 24px);
    min-height: 36px;
    margin: 0 12px;
    padding: 0;
    /* A bar of its own: messages pass under it, and none looks like it. */
    border: 0;
    border-bottom: 1px solid var(--divider-color, #ddd);
    font: inherit;
    font-size: 0.9em;
    text-overflow: ellipsis;
    background: var(--card-background-color, #fff);
    color: var(--secondary-text-color, #555);
  }
  /* The colour of errors is too pale for small words in Home Assistant's own theme: it is a mark only. */
  .error {
    padding-inline-start: 10px;
    border-radius: 0;
    border-inline-start: 3px solid var(--error-color, #db4437);
    color: var(--primary-text-color, #111);
  }
  mark {
    color: inherit;
    border-radius: 4px;
    background: rgba(var(--rgb-primary-color, 3, 169, 244), 0.3);
    box-shadow: 0 0 0 2px rgba(var(--rgb-primary-color, 3, 169, 244), 0.3);
  }
  .dots i {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-inline-end: 4px;
    border-radius: 50%;
    background: var(--secondary-text-color, #666);
    animation: breathe 1.2s infinite ease-in-out;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes breathe {
    0%,
    70%,
    100% {
      opacity: 0.25;
    }
    35% {
      opacity: 1;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .dots i {
      animation: none;
    }
  }
`;

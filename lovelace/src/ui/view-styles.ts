/** How picture, subtitles, chat and line share the room that a card or a page gives them. */

import { css } from "lit";

export const viewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    container-type: inline-size;
    height: 100%;
    color: var(--primary-text-color, #111);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
  }
  .view {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-height: 0;
    border-radius: inherit;
  }
  waifu-rt3d-picture {
    position: relative;
    flex: 1 1 auto;
    min-height: 220px;
    border-radius: inherit;
  }
  .chat waifu-rt3d-picture {
    flex: 1 1 52%;
    min-height: 120px;
  }
  .talk {
    position: relative;
    display: flex;
    flex-direction: column;
    flex: 0 0 auto;
    gap: 8px;
    padding: 8px 12px 12px;
    min-height: 0;
  }
  .chat .talk {
    flex: 1 1 48%;
    min-height: min-content;
  }
  .text .talk {
    flex: 1;
  }
  waifu-rt3d-chat {
    flex: 1 1 0;
    min-height: 40px;
    margin: 0 -12px;
  }
  waifu-rt3d-chat:focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: -2px;
  }
  .bare {
    position: absolute;
    bottom: 16px;
    inset-inline: 0;
    margin: 0 auto;
    width: 60px;
    height: 60px;
    --waifu-rt3d-button: var(--card-background-color, #fff);
  }
  waifu-rt3d-picture waifu-rt3d-notice {
    position: absolute;
    inset: auto 12px 88px;
  }
  waifu-rt3d-beside {
    position: absolute;
    z-index: 1;
    inset-block-end: 8px;
    inset-inline-end: 8px;
    width: clamp(200px, 36cqi, 260px);
    max-width: calc(100% - 24px);
    max-height: calc(100% - 72px);
    overflow-y: auto;
    overscroll-behavior: contain;
  }
  .subtitles waifu-rt3d-beside {
    inset-block-end: 84px;
  }
  .avatar waifu-rt3d-beside {
    inset-block-end: 88px;
  }
  /* On a phone they are one row, so that her face stays free. */
  @container (max-width: 479px) {
    waifu-rt3d-beside {
      --waifu-rt3d-beside: row;
      width: auto;
      inset-inline-start: 8px;
      max-width: none;
    }
  }
  .text waifu-rt3d-beside {
    position: static;
    flex: none;
    width: auto;
    max-height: 40%;
  }
  .rooms,
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 8px 12px;
    border-radius: 12px;
    font-size: 0.92em;
    line-height: 1.4;
    background: var(--secondary-background-color, #eee);
    color: var(--primary-text-color, #111);
  }
  .rooms span {
    flex: 1 1 100%;
  }
  .rooms button,
  .notice button,
  .broken button,
  .skip {
    min-height: 40px;
    padding: 0 14px;
    border: 0;
    border-radius: 20px;
    font: inherit;
    font-weight: 500;
    cursor: pointer;
    background: var(--card-background-color, #fff);
    color: inherit;
  }
  waifu-rt3d-picture .rooms {
    position: absolute;
    inset: auto 12px 12px;
  }
  .skip {
    align-self: center;
    background: var(--secondary-background-color, #eee);
    color: var(--primary-text-color, #111);
  }
  .broken {
    flex: 1;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    padding: 16px;
    text-align: center;
    color: var(--secondary-text-color, #5e5e5e);
  }
  .broken button {
    background: var(--secondary-background-color, #eee);
    color: var(--primary-text-color, #111);
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: 2px;
  }
  .announce {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  :host([page]) .talk {
    box-sizing: border-box;
    width: min(100%, 860px);
    margin: 0 auto;
    padding-bottom: max(16px, env(safe-area-inset-bottom));
  }
  @container (min-width: 620px) {
    .view.chat {
      flex-direction: row;
    }
    .chat waifu-rt3d-picture,
    .chat .talk {
      flex: 1 1 50%;
      min-width: 0;
    }
  }
`;

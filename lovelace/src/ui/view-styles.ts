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
  .picture {
    position: relative;
    flex: 1 1 auto;
    min-height: 220px;
    border-radius: inherit;
    overflow: hidden;
    background: var(
      --waifu-rt3d-background,
      radial-gradient(
        120% 90% at 50% 20%,
        var(--waifu-rt3d-glow, rgba(150, 130, 215, 0.2)),
        transparent 70%
      )
    );
  }
  .chat .picture {
    flex: 1 1 52%;
    min-height: 120px;
  }
  waifu-rt3d-stage {
    position: absolute;
    inset: 0;
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
    min-height: 200px;
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
  .status {
    position: absolute;
    top: 12px;
    inset-inline-start: 12px;
    display: flex;
    align-items: center;
    gap: 7px;
    max-width: calc(100% - 24px);
    box-sizing: border-box;
    min-height: 32px;
    padding: 4px 12px;
    border: 0;
    border-radius: 16px;
    font: inherit;
    font-size: 0.82em;
    font-weight: 500;
    color: inherit;
    cursor: pointer;
    background: var(--card-background-color, #fff);
    opacity: 0.92;
  }
  .status .activity {
    font-weight: 400;
    color: var(--secondary-text-color, #555);
  }
  .status i {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--disabled-color, #9a9a9a);
  }
  .status.idle i {
    background: var(--success-color, #43a047);
  }
  .status.listening i {
    background: var(--error-color, #db4437);
  }
  .status.thinking i {
    background: var(--warning-color, #ffa600);
  }
  .status.speaking i {
    background: var(--primary-color, #03a9f4);
  }
  .subtitle {
    position: absolute;
    inset: auto 12px 12px;
    width: fit-content;
    max-width: min(40em, calc(100% - 24px));
    box-sizing: border-box;
    margin: 0 auto;
    padding: 7px 14px;
    border-radius: 14px;
    font-size: 1.06em;
    line-height: 1.4;
    text-align: center;
    text-wrap: balance;
    overflow-wrap: anywhere;
    background: rgba(20, 18, 30, 0.78);
    color: #fff;
  }
  .subtitle.heard {
    font-style: italic;
  }
  .subtitle.read {
    max-height: 45%;
    overflow-y: auto;
    text-align: start;
    white-space: pre-wrap;
    text-wrap: wrap;
  }
  .subtitle mark {
    background: none;
    color: #ffd98a;
  }
  .sound {
    position: absolute;
    inset: auto 0 30%;
    display: flex;
    align-items: center;
    gap: 8px;
    width: fit-content;
    min-height: 48px;
    margin: 0 auto;
    padding: 0 20px;
    border: 0;
    border-radius: 24px;
    font: inherit;
    cursor: pointer;
    background: var(--dark-primary-color, #0277bd);
    color: #fff;
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
  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0 6px;
    padding: 8px 12px;
    border-radius: 12px;
    font-size: 0.92em;
    line-height: 1.4;
    border-inline-start: 4px solid var(--warning-color, #ffa600);
    background: var(--secondary-background-color, #eee);
  }
  .picture .notice {
    position: absolute;
    inset: auto 12px 88px;
  }
  .notice span {
    flex: 1 1 22em;
  }
  .notice button {
    flex: none;
    display: grid;
    place-items: center;
    min-width: 40px;
    min-height: 40px;
    padding: 0 10px;
    border: 0;
    border-radius: 10px;
    font: inherit;
    font-weight: 500;
    cursor: pointer;
    background: none;
    color: inherit;
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
  /* The menu button of the frontend stands at the start. */
  :host([page]) .status {
    inset-inline: auto 12px;
  }
  :host([page]) .talk {
    box-sizing: border-box;
    width: min(100%, 860px);
    margin: 0 auto;
    padding-bottom: max(16px, env(safe-area-inset-bottom));
  }
  :host([page]) .subtitle {
    font-size: 1.3em;
  }
  @container (min-width: 620px) {
    .view.chat {
      flex-direction: row;
    }
    .chat .picture,
    .chat .talk {
      flex: 1 1 50%;
      min-width: 0;
    }
  }
`;

/** How her picture looks, and what lies over it. */

import { css } from "lit";

export const pictureStyles = css`
  :host {
    display: block;
  }
  .picture {
    position: absolute;
    inset: 0;
    container-type: inline-size;
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
  .picture.night {
    background: radial-gradient(120% 90% at 50% 20%, #232042, #0c0b16 75%);
  }
  waifu-rt3d-stage {
    position: absolute;
    inset: 0;
    transition:
      transform 0.9s ease-in-out,
      opacity 0.6s;
  }
  waifu-rt3d-stage.gone {
    transform: translateX(110%);
    opacity: 0;
  }
  :host(:dir(rtl)) waifu-rt3d-stage.gone {
    transform: translateX(-110%);
  }
  .night waifu-rt3d-stage {
    filter: brightness(0.45) saturate(0.7);
  }
  @media (prefers-reduced-motion: reduce) {
    waifu-rt3d-stage,
    waifu-rt3d-stage.gone {
      transform: none;
      transition: opacity 0.6s;
    }
  }
  waifu-rt3d-night-clock {
    position: absolute;
    inset: auto 0 14%;
  }
  .away {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    padding: 48px 16px 16px;
    text-align: center;
    color: var(--secondary-text-color, #5e5e5e);
  }
  .away p {
    margin: 0;
  }
  .away button {
    min-height: 44px;
    padding: 0 18px;
    border: 0;
    border-radius: 22px;
    font: inherit;
    font-weight: 500;
    cursor: pointer;
    background: var(--card-background-color, #fff);
    color: var(--primary-text-color, #111);
  }
  .roughly {
    position: absolute;
    inset: 52px 12px auto;
    margin: 0 auto;
    width: fit-content;
    padding: 4px 10px;
    border-radius: 10px;
    font-size: 0.8em;
    background: var(--card-background-color, #fff);
    color: var(--secondary-text-color, #5e5e5e);
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
  button:focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: 2px;
  }
  /* The menu button of the frontend stands at the start. */
  :host([page]) .status {
    inset-inline: auto 12px;
  }
  :host([page]) .subtitle {
    font-size: 1.3em;
  }
`;

/** What the pages have in common. */

import { css } from "lit";

export const pageStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    height: 100%;
    overflow-y: auto;
    overscroll-behavior: contain;
    color: var(--primary-text-color, #111);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
  }
  .page {
    box-sizing: border-box;
    width: min(100%, 1080px);
    margin: 0 auto;
    padding: 16px 16px max(24px, env(safe-area-inset-bottom));
  }
  h2 {
    margin: 0 0 12px;
    font-size: 1.35em;
    font-weight: 500;
    hyphens: auto;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 0;
    font-size: 1.05em;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  p {
    margin: 0;
    line-height: 1.45;
    overflow-wrap: anywhere;
  }
  .quiet {
    color: var(--secondary-text-color, #595959);
  }
  .panel {
    box-sizing: border-box;
    margin: 0 0 16px;
    padding: 16px;
    border-radius: var(--ha-card-border-radius, 12px);
    background: var(--ha-card-background, var(--card-background-color, #fff));
    border: 1px solid var(--divider-color, #e0e0e0);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .grow {
    flex: 1 1 14em;
    min-width: 0;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    box-sizing: border-box;
    min-width: 44px;
    min-height: 44px;
    max-width: 100%;
    padding: 6px 16px;
    border: 0;
    border-radius: 22px;
    font: inherit;
    font-weight: 500;
    line-height: 1.2;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
    background: var(--secondary-background-color, #eee);
    color: inherit;
    overflow-wrap: anywhere;
  }
  button.icon {
    padding: 0;
    background: none;
  }
  button.main {
    /* A theme's own colour is often too light for white words. */
    background: var(--waifu-rt3d-main, #01649b);
    color: #fff;
  }
  button.danger {
    color: var(--waifu-rt3d-danger, #b71c1c);
  }
  button:disabled {
    opacity: 0.6;
    cursor: default;
  }
  input,
  select,
  textarea {
    box-sizing: border-box;
    min-height: 44px;
    max-width: 100%;
    padding: 8px 12px;
    border: 1px solid var(--waifu-rt3d-edge, #767676);
    border-radius: 10px;
    font: inherit;
    background: var(--card-background-color, #fff);
    color: inherit;
  }
  input[type="checkbox"],
  input[type="radio"] {
    flex: none;
    width: 22px;
    min-height: 22px;
    height: 22px;
    margin: 0;
    accent-color: var(--dark-primary-color, #0277bd);
  }
  input[type="color"] {
    width: 56px;
    padding: 4px;
  }
  label.check {
    display: inline-flex;
    align-items: center;
    gap: 10px;
    min-height: 44px;
    cursor: pointer;
  }
  label.field {
    display: grid;
    gap: 4px;
    font-size: 0.92em;
  }
  :is(button, a, input, select, textarea, summary, [tabindex]):focus-visible {
    outline: 2px solid var(--primary-color, #03a9f4);
    outline-offset: 2px;
  }
  progress {
    width: 100%;
    height: 8px;
    margin-bottom: 12px;
    accent-color: var(--dark-primary-color, #0277bd);
  }
  .error {
    padding: 10px 14px;
    border-inline-start: 4px solid var(--error-color, #c62828);
    border-radius: 8px;
    background: var(--secondary-background-color, #eee);
  }
  .empty {
    padding: 40px 16px;
    text-align: center;
    color: var(--secondary-text-color, #595959);
  }
  svg.sign {
    flex: none;
    width: 22px;
    height: 22px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  mark {
    border-radius: 3px;
    background: rgba(255, 193, 7, 0.45);
    color: inherit;
  }
`;

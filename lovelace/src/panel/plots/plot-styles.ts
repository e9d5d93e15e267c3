/** How plots look, in both themes. */

import { css } from "lit";

export const plotStyles = css`
  figure {
    margin: 0;
  }
  figcaption {
    margin-bottom: 8px;
    font-weight: 500;
  }
  figure svg {
    display: block;
    width: 100%;
    height: auto;
    direction: ltr;
  }
  figure text {
    font-size: 11px;
    fill: var(--secondary-text-color, #595959);
  }
  @media (max-width: 600px) {
    figure text {
      font-size: 13px;
    }
  }
  .rule {
    stroke: var(--divider-color, #ddd);
    stroke-width: 1;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
    font-size: 0.9em;
  }
  .legend i {
    display: inline-block;
    width: 12px;
    height: 12px;
    margin-inline-end: 6px;
    border-radius: 3px;
  }
  details {
    margin-top: 8px;
    font-size: 0.9em;
  }
  summary {
    display: inline-block;
    min-height: 32px;
    padding: 4px 8px;
    border-radius: 8px;
    text-decoration: underline;
    text-underline-offset: 3px;
    cursor: pointer;
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 3px 14px 3px 0;
    text-align: start;
    font-weight: 400;
  }
  thead th {
    font-weight: 500;
  }
  .lanes {
    display: grid;
    gap: 8px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .lanes li {
    display: grid;
    grid-template-columns: minmax(7em, 14em) 1fr auto;
    align-items: center;
    gap: 4px 12px;
  }
  .lane {
    height: 14px;
    border-radius: 7px;
    background: var(--secondary-background-color, #eee);
    overflow: hidden;
  }
  .lane i {
    display: block;
    height: 100%;
    border-radius: 7px;
    background: #0072b2;
  }
  @media (max-width: 480px) {
    .lanes li {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
    }
    .lane {
      order: 1;
      flex: 0 0 100%;
    }
  }
`;

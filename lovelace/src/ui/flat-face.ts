/** A drawn face with the same director: where there is no WebGL, and in the card picker. */

import { css, html, LitElement, svg } from "lit";
import { mouthOf, type Pose } from "../director/index.js";
import { define } from "./define.js";

const REST: FaceLines = {
  mouth: mouthPath(0, 0, 0),
  lids: 0,
  brow: 0,
  worry: 0,
  x: 0,
  y: 0,
  nod: 0,
};

interface FaceLines {
  mouth: string;
  lids: number;
  brow: number;
  worry: number;
  x: number;
  y: number;
  nod: number;
}

export class FlatFace extends LitElement {
  static override styles = css`
    :host {
      display: block;
      width: 100%;
      height: 100%;
    }
    svg {
      display: block;
      width: 100%;
      height: 100%;
    }
    .hair {
      fill: var(--waifu-rt3d-hair, #2f7477);
    }
    .skin {
      fill: var(--waifu-rt3d-skin, #ffe3d3);
    }
    .shade {
      fill: var(--waifu-rt3d-shade, #f0c0ac);
    }
    .coat {
      fill: var(--waifu-rt3d-outfit, #b5533c);
    }
    .blush {
      fill: #f5a39a;
      opacity: 0.35;
    }
    .white {
      fill: #fff;
    }
    .iris {
      fill: var(--waifu-rt3d-eyes, #b3741f);
    }
    .dark {
      fill: #33283f;
    }
    .line {
      fill: none;
      stroke: #4a3a58;
      stroke-width: 2.6;
      stroke-linecap: round;
    }
    .mouth {
      fill: #a84553;
      stroke: #b3535c;
      stroke-width: 2.2;
      stroke-linejoin: round;
    }
  `;

  private _lines: FaceLines = REST;

  /** Draw a pose. */
  show(pose: Pose): Record<string, number> {
    const mouth = mouthOf(pose.mouth);
    const { happy, sad, angry, surprised, relaxed } = pose.feelings;
    const open = mouth.aa + 0.75 * mouth.oh + 0.45 * mouth.ee + 0.3 * mouth.ih + 0.35 * mouth.ou;
    const wide = 0.5 * mouth.ee + 0.35 * mouth.ih - 0.6 * mouth.ou - 0.4 * mouth.oh;
    // Lips that are shut for a sound stay shut, whatever is felt.
    const shutFeeling = pose.speaking ? 0.4 * (1 - pose.mouth.PP - pose.mouth.FF) : 1;
    const smile =
      0.35 + (happy + 0.4 * relaxed - 1.6 * sad - 1.1 * angry - 0.5 * surprised) * shutFeeling;
    this._lines = {
      mouth: mouthPath(
        open + 0.6 * surprised * shutFeeling,
        wide - 0.9 * surprised * shutFeeling,
        smile,
      ),
      // Below 0 the eyes are wide open.
      lids:
        Math.max(pose.blink, 0.34 * happy, 0.3 * relaxed, 0.3 * sad, 0.2 * angry) -
        0.22 * surprised * (1 - pose.blink),
      brow: surprised + 0.3 * happy - angry,
      worry: sad - angry,
      x: pose.gaze.yaw_deg * 0.16,
      y: -pose.gaze.pitch_deg * 0.14 + 1.6 * sad,
      nod: (pose.bones.head?.[0] ?? 0) * 40,
    };
    this.requestUpdate();
    return { ...mouth, ...pose.feelings, blink: pose.blink };
  }

  override render() {
    const { mouth, brow, worry, nod } = this._lines;
    const side = (x: number, out: number) => {
      const inner = 82 - 5 * brow - 6 * worry;
      const outer = 82 - 5 * brow + 5 * worry;
      return `M${x - 9 * out} ${inner}Q${x} ${75 - 6 * brow + 2 * Math.max(0, worry)} ${x + 9 * out} ${outer}`;
    };
    return html`<svg viewBox="20 4 160 196" aria-hidden="true">
      <path
        class="hair"
        d="M42 108C34 42 66 16 100 16s66 26 58 92c-1 28 4 48 10 62H32c6-14 11-34 10-62Z"
      />
      <path class="coat" d="M24 206c2-26 26-36 58-40h36c32 4 56 14 58 40Z" />
      <path class="shade" d="M86 146h28v24c-6 8-22 8-28 0Z" />
      <g transform="translate(0 ${nod})">
        <path
          class="skin"
          d="M55 96c0-36 20-54 45-54s45 18 45 54c0 34-24 60-45 64-21-4-45-30-45-64Z"
        />
        <ellipse class="blush" cx="70" cy="121" rx="9" ry="5" />
        <ellipse class="blush" cx="130" cy="121" rx="9" ry="5" />
        ${this._eye(78)} ${this._eye(122)}
        <path class="mouth" d=${mouth} />
        <path
          class="hair"
          d="M49 104C46 54 70 34 100 34s54 20 51 70c-6-12-9-22-12-32-5 7-11 9-17 10 2-5 3-9 3-13-12 11-28 15-46 15 2-3 3-6 4-10-10 6-26 12-34 30Z"
        />
        <path class="line" d=${side(78, -1)} />
        <path class="line" d=${side(122, 1)} />
      </g>
    </svg>`;
  }

  private _eye(centre: number) {
    const { lids, x, y } = this._lines;
    const height = 12 * (1 - lids);
    if (height < 1.5)
      return svg`<path class="line" d="M${centre - 9} 103Q${centre} 109 ${centre + 9} 103" />`;
    return svg`<ellipse class="white" cx=${centre} cy="102" rx="9" ry=${height} />
      <ellipse class="iris" cx=${centre + x} cy=${102 + y} rx="6" ry=${Math.min(9, height)} />
      <ellipse class="dark" cx=${centre + x} cy=${102 + y} rx="3" ry=${Math.min(5, height)} />
      <circle class="white" cx=${centre + x + 2.4} cy=${102 + y - 3} r=${Math.min(1.8, height / 4)} />
      <path class="line" d="M${centre - 10} ${102 - height * 0.7}Q${centre} ${100 - height * 1.15} ${centre + 10} ${102 - height * 0.7}" />`;
  }
}

/** Draw lips: how far open, how much wider than at rest, and how far the corners are raised. */
function mouthPath(open: number, wide: number, smile: number): string {
  const half = 11 * (1 + 0.55 * wide);
  const corner = 137 - 4 * smile;
  const drop = 15 * Math.min(1, open);
  const left = `${(100 - half).toFixed(2)} ${corner.toFixed(2)}`;
  const right = `${(100 + half).toFixed(2)} ${corner.toFixed(2)}`;
  const upper = (137 + 3 * smile - 0.35 * drop).toFixed(2);
  const lower = (137.6 + 4 * smile + 1.6 * drop).toFixed(2);
  return `M${left}Q100 ${upper} ${right}Q100 ${lower} ${left}Z`;
}

define("waifu-rt3d-flat-face", FlatFace);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-flat-face": FlatFace;
  }
}

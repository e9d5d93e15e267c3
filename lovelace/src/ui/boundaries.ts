/** Error boundaries: a part that can't be drawn says so in its own place, and the others go on. */

import { html, type ReactiveController, type ReactiveControllerHost } from "lit";
import type { Companion } from "../companion/companion.js";
import type { Translate } from "./translate.js";

type Part = "picture" | "chat";

export class Boundaries implements ReactiveController {
  /** Parts that could not be drawn, with the problem's id. */
  private readonly _broken = new Map<Part, string>();

  constructor(
    private readonly _host: ReactiveControllerHost,
    private readonly _context: () => [Companion | null, Translate],
  ) {
    _host.addController(this);
  }

  hostDisconnected(): void {
    this._broken.clear();
  }

  /** Draw a part, or say that it is broken. */
  part(part: Part, draw: () => unknown) {
    const problem = this._broken.get(part);
    if (problem === undefined) return draw();
    const [, say] = this._context();
    const retry = () => {
      this._broken.delete(part);
      this._host.requestUpdate();
    };
    return html`<div class="broken" role="alert">
      <span>${say("part_broken")} <small>${problem}</small></span>
      <button @click=${retry}>${say("retry")}</button>
    </div>`;
  }

  /** Take that a part can't be drawn. */
  fault(part: Part): void {
    const [companion] = this._context();
    this._broken.set(part, companion?.note(`${part}_broken`).problem_id ?? "");
    this._host.requestUpdate();
  }
}

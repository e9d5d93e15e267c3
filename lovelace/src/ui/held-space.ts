/** The space bar as a push-to-talk button: in the card that has the focus, on a page of her own everywhere. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

interface Talk {
  press: () => void;
  release: () => void;
}

export class HeldSpace implements ReactiveController {
  /** Whether the whole page is hers. */
  everywhere = false;
  private _held = false;

  constructor(
    private readonly _host: ReactiveControllerHost & HTMLElement,
    private readonly _talk: Talk,
  ) {
    _host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("keydown", this._down);
    window.addEventListener("keyup", this._up);
    window.addEventListener("blur", this._up);
  }

  hostDisconnected(): void {
    window.removeEventListener("keydown", this._down);
    window.removeEventListener("keyup", this._up);
    window.removeEventListener("blur", this._up);
    this._up();
  }

  private readonly _down = (event: KeyboardEvent): void => {
    if (event.key !== " " || event.repeat || event.defaultPrevented) {
      // A held key must not scroll the page either.
      if (this._held && event.key === " ") event.preventDefault();
      return;
    }
    const path = event.composedPath();
    const inside = path.includes(this._host);
    if (!(inside || (this.everywhere && path[0] === document.body)) || path.some(takesSpace))
      return;
    event.preventDefault();
    this._held = true;
    this._talk.press();
  };

  private readonly _up = (event?: Event): void => {
    const other = event instanceof KeyboardEvent && event.key !== " ";
    if (!this._held || other) return;
    this._held = false;
    this._talk.release();
  };
}

/** Tell whether an element has a use of its own for the space bar. */
function takesSpace(target: EventTarget): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      /^(input|textarea|select|button|summary|a|dialog)$/.test(target.localName))
  );
}

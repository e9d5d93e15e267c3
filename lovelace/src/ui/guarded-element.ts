/** An element that tells its parent when it can't be drawn, so that one broken part blanks nothing else. */

import { LitElement } from "lit";

export class GuardedElement extends LitElement {
  /** Draw; what goes wrong is an event `fault` and no broken promise. */
  protected override performUpdate(): void {
    try {
      super.performUpdate();
    } catch (error) {
      // The browser's console still shows it to whoever looks for the cause.
      if (typeof reportError === "function") reportError(error);
      this.dispatchEvent(new CustomEvent("fault", { detail: error }));
    }
  }
}

/** What was said on this browser already, so that nobody is told twice. */

/** Remember on this browser that something was said; private windows may refuse. */
export function keep(name: string): void {
  try {
    localStorage.setItem(name, "1");
  } catch {
    // Then it is said again next time.
  }
}

/** Tell whether something was said on this browser before. */
export function recall(name: string): boolean {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
}

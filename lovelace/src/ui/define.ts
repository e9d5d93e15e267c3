/** How the elements of the card come into a page. */

const fetched = new Set<string>();

/** Register an element once: a resource with a new ?v= runs the module again in the same page. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

/**
 * Fetch the file that defines an element; one that is in the page already is drawn at that moment.
 * `failed` hears that the file did not come; whoever asks then tries again.
 */
export function fetchElement(
  name: string,
  file: () => Promise<unknown>,
  failed: () => void = () => undefined,
): void {
  if (fetched.has(name)) return;
  fetched.add(name);
  file().catch(() => {
    fetched.delete(name);
    failed();
  });
}

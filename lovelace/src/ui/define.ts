/** Register an element once: a resource with a new ?v= runs the module again in the same page. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}

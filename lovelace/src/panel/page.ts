/** What every page is: it has the house, its words and its characters, and says in a sentence what failed. */

import { type CSSResultGroup, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import type { Character } from "../ha/messages.js";
import { languageOf } from "../ha/hass.js";
import type { PanelHass } from "./hass.js";
import { ask, sentenceOf } from "./house.js";
import { pageStyles } from "./page-styles.js";
import { showToast } from "./parts/toast.js";
import { wordsOf } from "./words.js";

export abstract class PanelPage extends LitElement {
  static override styles: CSSResultGroup = pageStyles;

  @property({ attribute: false }) hass!: PanelHass;
  @state() protected characters: readonly Character[] = [];
  /** Why the page could not be filled. */
  @state() protected failure: string | null = null;
  @state() protected loading = true;

  override firstUpdated(): void {
    void this.reload();
  }

  override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    // `hass` is new at every state change of the house; a page only needs its connection and language.
    const before = changed.get("hass") as PanelHass | undefined;
    return changed.size > 1 || !changed.has("hass") || !before || this._other(before);
  }

  override render() {
    if (this.failure !== null)
      return html`<div class="page">
        <p class="error" role="alert">${this.failure || this.words("failed")}</p>
        <p><button @click=${() => this.reload()}>${this.words("retry")}</button></p>
      </div>`;
    return this.content();
  }

  /** Draw the page. */
  protected abstract content(): unknown;

  /** Ask for what the page shows. */
  protected abstract fill(): Promise<void>;

  protected get words() {
    return wordsOf(languageOf(this.hass));
  }

  protected get language(): string {
    return languageOf(this.hass) ?? "en";
  }

  protected get admin(): boolean {
    return this.hass.user?.is_admin ?? false;
  }

  protected ask<Answer>(command: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    return ask<Answer>(this.hass, command, fields);
  }

  /** Fill the page anew. */
  protected async reload(): Promise<void> {
    this.failure = null;
    this.loading = true;
    try {
      this.characters = await this.ask<Character[]>("characters");
      await this.fill();
    } catch (error) {
      this.failure = sentenceOf(error, this.hass);
    }
    this.loading = false;
  }

  /** Do something a person wanted; a failure is said, and can be tried again. */
  protected async act(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const text = sentenceOf(error, this.hass) || this.words("failed");
      const again = { label: this.words("retry"), act: () => void this.act(work) };
      showToast(this, { text, action: again });
      return false;
    }
  }

  protected nameOf(character: string | null): string {
    return this.characters.find(({ id }) => id === character)?.name ?? this.words("gone_character");
  }

  /** A choice among the characters, where there are several. */
  protected characterChoice(chosen: string, choose: (id: string) => void) {
    if (this.characters.length < 2) return nothing;
    return html`<select
      aria-label=${this.words("character")}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      <option value="" ?selected=${chosen === ""}>${this.words("all_characters")}</option>
      ${this.characters.map(
        ({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`,
      )}
    </select>`;
  }

  protected date(at_ms: number, style: "short" | "long" = "short"): string {
    const options: Intl.DateTimeFormatOptions =
      style === "short"
        ? { dateStyle: "medium", timeStyle: "short" }
        : { dateStyle: "full", timeStyle: "short" };
    return new Intl.DateTimeFormat(this.language, options).format(at_ms);
  }

  private _other(before: PanelHass): boolean {
    return (
      before.connection !== this.hass.connection || languageOf(before) !== languageOf(this.hass)
    );
  }
}

/** The steps to a character: who, looks, voice, model, what it may control, where. */

import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { languageOf } from "../../ha/hass.js";
import { define } from "../../ui/define.js";
import { CharacterFlow, type FlowField } from "../character-flow.js";
import type { Localize, PanelHass } from "../hass.js";
import { sentenceOf } from "../house.js";
import { pageStyles } from "../page-styles.js";
import { type PanelKey, wordsOf } from "../words.js";
import { formField, startOf, textOf } from "./form-field.js";

/** Which fields stand in which step; what a later version adds stands in the first. */
const STEPS: readonly { title: PanelKey; fields: readonly string[] }[] = [
  { title: "step_who", fields: ["person", "name"] },
  { title: "step_looks", fields: ["avatar"] },
  { title: "step_voice", fields: ["voice", "ears"] },
  { title: "step_mind", fields: ["model", "fallback"] },
  { title: "step_house", fields: ["llm_hass_api", "rooms"] },
];

export class Wizard extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        height: auto;
        overflow: visible;
      }
      form {
        display: grid;
        gap: 16px;
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        margin: 0;
        padding: 0;
        list-style: none;
        font-size: 0.9em;
      }
      [aria-current] {
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 5px;
      }
      fieldset {
        display: grid;
        margin: 0;
        padding: 8px 14px;
        border: 1px solid var(--divider-color, #ccc);
        border-radius: 10px;
      }
      .bar {
        justify-content: flex-end;
      }
    `,
  ];

  @property({ attribute: false }) hass!: PanelHass;
  /** The character that is changed; null makes a new one. */
  @property() character: string | null = null;
  @state() private _flow: CharacterFlow | null = null;
  @state() private _at = 0;
  @state() private _values: Record<string, unknown> = {};
  @state() private _failure: string | null = null;
  @state() private _busy = false;
  private _localize: Localize | null = null;

  override firstUpdated(): void {
    void this._begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this._flow?.leave();
    this._flow = null;
  }

  override render() {
    const words = this._words;
    if (!this._flow) return html`<p class="quiet">${this._failure ?? words("loading")}</p>`;
    const step = STEPS[this._at]!;
    const last = this._at === STEPS.length - 1;
    return html`<form @submit=${this._next}>
      <ol>
        ${STEPS.map(
          ({ title }, at) =>
            html`<li aria-current=${at === this._at ? "step" : nothing}>${words(title)}</li>`,
        )}
      </ol>
      ${this._fieldsOf(this._at).map((field) => this._field(field))}
      ${step.title === "step_voice" ? this._sample() : nothing}
      ${this._failure ? html`<p class="error" role="alert">${this._failure}</p>` : nothing}
      <div class="bar">
        <button type="button" @click=${this._leave}>${words("cancel")}</button>
        ${
          this._at
            ? html`<button type="button" @click=${() => this._at--}>${words("back")}</button>`
            : nothing
        }
        <button class="main" type="submit" ?disabled=${this._busy}>
          ${words(last ? "save" : "next")}
        </button>
      </div>
    </form>`;
  }

  private get _words() {
    return wordsOf(languageOf(this.hass));
  }

  private _fieldsOf(at: number): FlowField[] {
    const all = this._flow?.step.data_schema ?? [];
    const placed = new Set(STEPS.flatMap(({ fields }) => fields));
    const own = STEPS[at]!.fields;
    return all.filter(({ name }) => own.includes(name) || (at === 0 && !placed.has(name)));
  }

  private _field(field: FlowField) {
    const step = this._flow?.step.step_id ?? "user";
    const base = `component.waifu_rt3d.config_subentries.character.step.${step}`;
    const say = (part: string) => {
      const key = `${base}.${part}.${field.name}`;
      const told = this._localize?.(key) ?? "";
      return told === key ? "" : told;
    };
    const words = {
      label: say("data") || field.name,
      help: say("data_description"),
      nothing: this._words("automatic"),
    };
    return formField(this.hass, field, this._values[field.name], words, (value) => {
      this._values = { ...this._values, [field.name]: value };
    });
  }

  /** Let the voice that is chosen speak a sentence. */
  private _sample() {
    return html`<p>
      <button type="button" ?disabled=${this._busy} @click=${this._speak}>
        ${this._words("hear_voice")}
      </button>
    </p>`;
  }

  private async _begin(): Promise<void> {
    try {
      const loading = this.hass.loadBackendTranslation?.("config_subentries", "waifu_rt3d");
      this._localize = (await loading) ?? null;
      this._flow = await CharacterFlow.begin(this.hass, this.character);
      const fields = this._flow.step.data_schema ?? [];
      this._values = Object.fromEntries(fields.map((field) => [field.name, startOf(field)]));
    } catch (error) {
      this._failure = sentenceOf(error, this.hass) || this._words("failed");
    }
  }

  private async _speak(): Promise<void> {
    const engine_id = textOf(this._values["voice"]) || this._ownVoice();
    if (!engine_id) {
      this._failure = this._words("no_voice");
      return;
    }
    const message = this._words("sample_sentence", { name: textOf(this._values["name"]) });
    await this._do(async () => {
      const answer = await this.hass.callApi?.<{ path: string }>("POST", "tts_get_url", {
        engine_id,
        message,
      });
      // Not its `url`: the address that the house gives itself may not be one that this page can reach.
      if (answer) await new Audio(answer.path).play();
    });
  }

  /** The voice that is taken where none is chosen: ours. */
  private _ownVoice(): string {
    const entities = Object.entries(this.hass.entities ?? {});
    const own = entities.find(
      ([entity_id, { platform }]) => platform === "waifu_rt3d" && entity_id.startsWith("tts."),
    );
    return own?.[0] ?? "";
  }

  private async _next(event: Event): Promise<void> {
    event.preventDefault();
    if (this._at < STEPS.length - 1) {
      this._at++;
      return;
    }
    await this._do(async () => {
      const filled = Object.entries(this._values).filter(
        ([, value]) => value !== undefined && value !== "",
      );
      const again = await this._flow?.save(Object.fromEntries(filled));
      this._flow = again ?? null;
      const [error] = Object.values(again?.step.errors ?? {});
      if (again) throw new Error(error ?? "");
      this.dispatchEvent(new CustomEvent("saved"));
    });
  }

  private _leave(): void {
    this.dispatchEvent(new CustomEvent("left"));
  }

  private async _do(work: () => Promise<void>): Promise<void> {
    this._busy = true;
    this._failure = null;
    try {
      await work();
    } catch (error) {
      this._failure = sentenceOf(error, this.hass) || this._words("failed");
    }
    this._busy = false;
  }
}

define("waifu-rt3d-wizard", Wizard);

declare global {
  interface HTMLElementTagNameMap {
    "waifu-rt3d-wizard": Wizard;
  }
}

/** One field of Home Assistant's forms, drawn for the page. */

import { html, nothing } from "lit";
import type { FlowField, Option } from "../character-flow.js";
import type { PanelHass } from "../hass.js";

export interface FieldWords {
  label: string;
  help: string;
  nothing: string;
}

export type Change = (value: unknown) => void;

/** Give what a field holds before anybody touched it. */
export function startOf({ default: fixed, description }: FlowField): unknown {
  return description?.suggested_value ?? fixed;
}

/** Draw a field with its value. */
export function formField(
  hass: PanelHass,
  field: FlowField,
  value: unknown,
  words: FieldWords,
  change: Change,
) {
  const kind = Object.keys(field.selector ?? { text: null })[0];
  const settings = field.selector?.[kind ?? ""] ?? {};
  if (kind === "boolean") return checkbox(value === true, words.label, change);
  if (kind === "entity" || kind === "select") {
    const options = kind === "entity" ? entities(hass, settings) : choices(settings);
    return settings["multiple"]
      ? several(options, Array.isArray(value) ? value.map(String) : [], words, change)
      : one(options, field, textOf(value), words, change);
  }
  return line(field, kind, settings, value, words, change);
}

/** Give what a field shows of a value that came from outside. */
export function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function checkbox(checked: boolean, label: string, change: Change) {
  return html`<label class="check"
    ><input
      type="checkbox"
      .checked=${checked}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    />${label}</label
  >`;
}

function one(
  options: readonly Option[],
  field: FlowField,
  value: string,
  words: FieldWords,
  change: Change,
) {
  const known = options.some((option) => option.value === value);
  return html`<label class="field"
    >${words.label}
    <select @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
      ${
        field.required && value
          ? nothing
          : html`<option value="" ?selected=${!value}>${words.nothing}</option>`
      }
      ${known || !value ? nothing : html`<option value=${value} selected>${value}</option>`}
      ${options.map(
        (option) =>
          html`<option value=${option.value} ?selected=${option.value === value}>
            ${option.label}
          </option>`,
      )}
    </select>
    ${help(words)}
  </label>`;
}

function several(
  options: readonly Option[],
  chosen: readonly string[],
  words: FieldWords,
  change: Change,
) {
  const toggle = (value: string, on: boolean) =>
    change(on ? [...chosen, value] : chosen.filter((each) => each !== value));
  return html`<fieldset>
    <legend>${words.label}</legend>
    ${help(words)}
    ${options.map((option) =>
      checkbox(chosen.includes(option.value), option.label, (on) =>
        toggle(option.value, on === true),
      ),
    )}
    ${options.length ? nothing : html`<p class="quiet">${words.nothing}</p>`}
  </fieldset>`;
}

function line(
  field: FlowField,
  kind: string | undefined,
  settings: Record<string, unknown>,
  value: unknown,
  words: FieldWords,
  change: Change,
) {
  const text = textOf(value);
  const take = (event: Event) => {
    const typed = (event.target as HTMLInputElement).value;
    change(kind === "number" ? (typed === "" ? undefined : Number(typed)) : typed);
  };
  if (settings["multiline"])
    return html`<label class="field"
      >${words.label}<textarea rows="5" .value=${text} @input=${take}></textarea>${help(
        words,
      )}</label
    >`;
  return html`<label class="field"
    >${words.label}<input
      type=${kind === "number" ? "number" : "text"}
      ?required=${field.required ?? false}
      .value=${text}
      @input=${take}
    />${help(words)}</label
  >`;
}

function help({ help }: FieldWords) {
  return help ? html`<span class="quiet">${help}</span>` : nothing;
}

/** Give the options of a `select` selector. */
function choices({ options }: Record<string, unknown>): Option[] {
  const given = Array.isArray(options) ? (options as (string | Option)[]) : [];
  return given.map((each) => (typeof each === "string" ? { value: each, label: each } : each));
}

/** Give the entities of the domains that an `entity` selector names. */
function entities(hass: PanelHass, settings: Record<string, unknown>): Option[] {
  const wanted = [settings["domain"]].flat().map(String);
  return Object.entries(hass.states ?? {})
    .filter(([entity_id]) => wanted.includes(entity_id.split(".")[0]!))
    .map(([entity_id, { attributes }]) => ({
      value: entity_id,
      label: textOf(attributes["friendly_name"]) || entity_id,
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
}

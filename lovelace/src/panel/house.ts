/** What the page asks of Home Assistant, and what went wrong as one sentence. */

import type { PanelHass } from "./hass.js";

export type Fields = Record<string, unknown>;

interface Refusal {
  code?: string;
  message?: string;
  translation_key?: string;
  translation_placeholders?: Record<string, string>;
  body?: { message?: string };
}

/** Something that was refused before Home Assistant could: its sentence is one of the page's. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly translation_key?: string,
  ) {
    super(message);
  }
}

/** Send one of our commands and give its answer. */
export function ask<Answer>(hass: PanelHass, command: string, fields: Fields = {}) {
  return hass.connection.sendMessagePromise<Answer>({ type: `waifu_rt3d/${command}`, ...fields });
}

/** Send a command that tells how far it is, and wait until it is done. */
export async function follow(
  hass: PanelHass,
  command: string,
  fields: Fields,
  on: (event: unknown) => void,
): Promise<void> {
  const message = { type: `waifu_rt3d/${command}`, ...fields };
  const leave = await hass.connection.subscribeMessage(on, message, { resubscribe: false });
  // The command is over; Home Assistant knows no subscription of it any more.
  void leave().catch(() => undefined);
}

/** Give a file to Home Assistant; gives the name that commands know it by. */
export async function upload(hass: PanelHass, file: File): Promise<string> {
  const body = new FormData();
  body.append("file", file);
  const answer = await hass.fetchWithAuth?.("/api/file_upload", { method: "POST", body });
  if (!answer?.ok) throw new Refused(`${answer?.status ?? ""} ${answer?.statusText ?? ""}`.trim());
  return ((await answer.json()) as { file_id: string }).file_id;
}

/** Let the browser keep a file that Home Assistant offers. */
export function download(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

/** Give the sentence for something that was refused; empty where there is none. */
export function sentenceOf(error: unknown, hass?: PanelHass): string {
  const { code, message, translation_key, translation_placeholders, body } =
    typeof error === "object" && error !== null ? (error as Refusal) : {};
  const key = `component.waifu_rt3d.exceptions.${translation_key}.message`;
  const told = translation_key ? hass?.localize?.(key, translation_placeholders) : "";
  if (told && told !== key) return told;
  return body?.message ?? message ?? code ?? (error instanceof Error ? error.message : "");
}

/** Go to a page of the frontend, as its own links do. */
export function navigate(path: string): void {
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
}

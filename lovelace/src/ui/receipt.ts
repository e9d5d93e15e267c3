/** The receipt of a reply in words: who heard, thought and spoke, and what left the house. */

import type { TimeSource } from "../director/timeline.js";
import type { Helper, Receipt } from "../ha/messages.js";
import { homeIcon, outsideIcon, unsureIcon } from "./icons.js";
import type { Key, Translate } from "./translate.js";

export interface ReceiptLine {
  icon: unknown;
  text: string;
}

/** Say in a few words whether a reply stayed in the house. */
export function receiptLine({ inside, called }: Receipt, say: Translate): ReceiptLine {
  if (inside) return { icon: homeIcon, text: say("receipt_inside") };
  if (inside === null) return { icon: unsureIcon, text: say("receipt_unsure") };
  return { icon: outsideIcon, text: say("receipt_outside", { hosts: called.join(", ") }) };
}

/** Give the rows of a receipt: what was done, and who did it. */
export function receiptRows(receipt: Receipt, say: Translate): [string, string][] {
  const parts = ["heard", "thought", "spoken", "done"] as const;
  return parts
    .filter((part) => part !== "done" || receipt.done.length)
    .map((part) => [
      say(`receipt_${part}`),
      receipt[part].map((one) => helperName(one, say)).join(" → ") || say(NOBODY[part]),
    ]);
}

/** Say how the mouth knows when each sound is heard; nothing where nothing was spoken. */
export function lipsRows(source: TimeSource | null, say: Translate): [string, string][] {
  return source ? [[say("receipt_lips"), say(`receipt_lips_${source}`)]] : [];
}

const NOBODY: Record<"heard" | "thought" | "spoken" | "done", Key> = {
  heard: "receipt_typed",
  thought: "receipt_nobody",
  spoken: "receipt_silent",
  done: "receipt_nobody",
};

/** Name a helper with its model or voice, and where it runs. */
function helperName({ name, detail, host, inside }: Helper, say: Translate): string {
  const known = [name || say("receipt_written"), detail].filter(Boolean).join(", ");
  const where = host ?? (inside === false ? say("receipt_cloud") : null);
  return where ? `${known} (${where})` : known;
}

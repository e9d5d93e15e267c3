/** What the tests of the panel's pages share: a house that answers what a test tells it. */

import type { PanelPage } from "../../src/panel/page.js";

export const MIRA = {
  id: "default",
  name: "Mira",
  avatar_url: null,
  conversation_entity: "conversation.mira",
  pipeline: "p",
};

export type Answers = Record<string, unknown>;

/** Answer commands, tell events to who follows one, take uploads, and keep what was asked and brought. */
export function house(answers: Answers, { is_admin = false, events = [] as unknown[] } = {}) {
  const asked: Record<string, unknown>[] = [];
  const uploaded: FormData[] = [];
  const connection = {
    sendMessagePromise: (message: Record<string, unknown>) => {
      asked.push(message);
      const answer = answers[String(message["type"]).replace("waifu_rt3d/", "")];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
    },
    subscribeMessage: (on: (event: unknown) => void) => {
      events.forEach(on);
      return Promise.resolve(() => Promise.resolve());
    },
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  const fetchWithAuth = (_path: string, { body }: { body: FormData }) => {
    uploaded.push(body);
    return Promise.resolve({ ok: true, json: () => Promise.resolve({ file_id: "f" }) });
  };
  const hass = { connection, language: "en", user: { is_admin }, fetchWithAuth };
  const of = (type: string) =>
    asked.filter((each) => String(each["type"]).replace("waifu_rt3d/", "") === type);
  return { hass, asked, of, uploaded };
}

/** Open a page by its tag. */
export async function open(tag: string, hass: unknown): Promise<PanelPage> {
  const page = Object.assign(document.createElement(tag), { hass }) as unknown as PanelPage;
  document.body.append(page);
  await settled(page);
  return page;
}

/** Wait until a page has what it asked for, and shows it. */
export async function settled(page: PanelPage): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    await page.updateComplete;
  }
}

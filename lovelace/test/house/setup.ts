/** One Home Assistant with the demo home for all tests of this folder. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestProject } from "vitest/node";
import { CHROMIUM } from "../../bin/browser.mjs";

const ROOT = join(import.meta.dirname, "../../..");
const BUILT = join(ROOT, "custom_components/waifu_rt3d/frontend/waifu-rt3d-panel.js");

export interface Tokens {
  access_token: string;
  expires_in: number;
  [name: string]: unknown;
}

export interface Home {
  url: string;
  path: string;
  log: string;
  admin: Tokens;
  person: Tokens;
}

declare module "vitest" {
  export interface ProvidedContext {
    home: Home | null;
  }
}

export default async function setup(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  project.provide("home", null);
  const missing = !existsSync(CHROMIUM)
    ? `no Chromium at ${CHROMIUM}: apt install chromium`
    : existsSync(BUILT)
      ? null
      : "the card is not built: run script/build";
  if (missing && process.env["CI"]) throw new Error(missing);
  if (missing) {
    console.warn(`Tests against Home Assistant skipped: ${missing}`);
    return undefined;
  }
  const program = spawn(join(ROOT, "script/python"), ["component", "-m", "demo_run.serve"], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: join(ROOT, "script") },
    stdio: ["pipe", "pipe", "inherit"],
  });
  project.provide("home", await told(program));
  return async () => {
    program.stdin.end();
    await new Promise((resolve) => program.once("exit", resolve));
  };
}

/** Read the line that tells where the house is. */
async function told(program: ChildProcess): Promise<Home> {
  for await (const line of createInterface({ input: program.stdout! }))
    if (line.startsWith("{")) return JSON.parse(line) as Home;
  throw new Error("Home Assistant did not start");
}

/** WebKitGTK on a display of its own, driven by W3C WebDriver: a session and seven of its commands. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Driven } from "./drive.js";

export const WEBKIT_DRIVER = process.env["WEBKIT_DRIVER"] ?? "/usr/bin/WebKitWebDriver";
export const XVFB = "/usr/bin/Xvfb";
const VIEW = join(import.meta.dirname, "webkit-view.py");
const PAGE_MS = 60_000;
/** Keys without a character (WebDriver, §15.4.2). */
const [ENTER, ESCAPE] = ["\uE007", "\uE00C"];

/** Say what the window of the browser needs and is not there. */
export function missingView(): string | null {
  const ask = 'import gi; gi.require_version("WebKit2", "4.1")';
  const there = spawnSync("/usr/bin/python3", ["-c", ask]).status === 0;
  return there ? null : "no WebKit2 for Python: apt install python3-gi gir1.2-webkit2-4.1";
}

/** Start the browser. */
export async function webkit(environment: NodeJS.ProcessEnv): Promise<Driven> {
  const display = spawn(XVFB, ["-displayfd", "1", "-screen", "0", "1200x1000x24"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const DISPLAY = `:${await firstLine(display.stdout)}`;
  const port = await freePort();
  const driver = spawn(WEBKIT_DRIVER, [`--port=${port}`], {
    env: { ...environment, DISPLAY, GDK_BACKEND: "x11" },
    stdio: "ignore",
  });
  const end = () => [driver, display].forEach((program: ChildProcess) => program.kill());
  try {
    await listening(port);
    return driven(await Session.begin(`http://127.0.0.1:${port}/session`), end);
  } catch (error) {
    end();
    throw error;
  }
}

function driven(session: Session, end: () => void): Driven {
  return {
    goto: (url) => session.post("/url", { url }),
    run: (script, ...given) => session.run(`(${String(script)})(...given)`, given),
    press: (x, y) =>
      session.point(
        { type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y) },
        { type: "pointerDown", button: 0 },
      ),
    release: () => session.point({ type: "pointerUp", button: 0 }),
    write: (text) => session.type(...text, ENTER),
    escape: () => session.type(ESCAPE),
    picture: async (path) => {
      writeFileSync(path, await session.get<string>("/screenshot"), "base64");
    },
    close: async () => {
      await session.delete().catch(() => undefined);
      end();
    },
  };
}

/** A session of WebDriver (https://www.w3.org/TR/webdriver2). */
class Session {
  private constructor(private readonly _url: string) {}

  static async begin(url: string): Promise<Session> {
    const { sessionId } = await answerOf<{ sessionId: string }>(url, {
      capabilities: {
        alwaysMatch: {
          browserName: "waifu-rt3d-webkit",
          "webkitgtk:browserOptions": { binary: VIEW, args: [] },
          timeouts: { script: PAGE_MS, pageLoad: PAGE_MS },
        },
      },
    });
    return new Session(`${url}/${sessionId}`);
  }

  get<Result>(command: string): Promise<Result> {
    return answerOf(this._url + command);
  }

  post<Result>(command: string, body: object): Promise<Result> {
    return answerOf(this._url + command, body);
  }

  /** Evaluate an expression in the page in which `given` is an array, and wait for its promise. */
  async run<Result>(expression: string, given: readonly unknown[]): Promise<Result> {
    const script = `const given = [...arguments], done = given.pop();
      Promise.resolve().then(() => ${expression}).then(
        (result) => done({ result }), (error) => done({ error: String(error) }));`;
    const told = await this.post<{ result?: Result; error?: string }>("/execute/async", {
      script,
      args: given,
    });
    if (told.error !== undefined) throw new Error(told.error);
    return told.result as Result;
  }

  point(...actions: object[]): Promise<void> {
    return this.post("/actions", {
      actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }],
    });
  }

  type(...keys: string[]): Promise<void> {
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    return this.post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  delete(): Promise<void> {
    return answerOf(this._url, null);
  }
}

/** Ask the driver: read without a body, delete with none (`null`). */
async function answerOf<Result>(url: string, body?: object | null): Promise<Result> {
  const method = body ? "POST" : body === null ? "DELETE" : "GET";
  const response = await fetch(url, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await response.json()) as { value: Result & { message?: string } };
  if (!response.ok) throw new Error(`WebKitGTK: ${value.message ?? response.statusText}`);
  return value;
}

/** Wait until something answers at a port. */
async function listening(port: number): Promise<void> {
  for (let left_ms = PAGE_MS; left_ms > 0; left_ms -= 50) {
    const asked = fetch(`http://127.0.0.1:${port}/status`);
    if (
      await asked.then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("WebKitWebDriver does not answer");
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line.trim();
  throw new Error("Xvfb did not start");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

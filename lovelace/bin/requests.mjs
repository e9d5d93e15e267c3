/** Take orders from another program: a JSON line each, answered by a JSON line each. */

import { createInterface } from "node:readline";

/** Give each line of standard input to `answer`; what it throws is answered as `{"error": sentence}`. */
export async function answerRequests(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    let reply;
    try {
      reply = { ok: true, ...(await answer(JSON.parse(line))) };
    } catch (error) {
      reply = { error: String(error).split("\n", 1)[0] };
    }
    console.log(JSON.stringify(reply));
  }
}

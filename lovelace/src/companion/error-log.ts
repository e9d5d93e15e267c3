/** The last errors by their code, for a report, and their way into the house's log of problems. */

import { newProblemId } from "./problem-id.js";

const KEPT = 10;

export interface Problem {
  code: string;
  problem_id: string;
  at_ms: number;
}

export class ErrorLog extends Array<Problem> {
  /** What the house has not heard of yet: the line may be down just now. */
  private _waiting: Problem[] = [];

  /** Keep an error; the oldest goes when there are too many. The house's own errors have an id. */
  add(code: string, known_id?: string | null): Problem {
    const problem = { code, problem_id: known_id ?? newProblemId(), at_ms: Date.now() };
    this.push(problem);
    while (this.length > KEPT) this.shift();
    if (!known_id) this._waiting = [...this._waiting, problem].slice(-KEPT);
    return problem;
  }

  /** Tell the house what it does not know; what does not arrive is told the next time. */
  report(tell: (problem: Problem) => Promise<void>): void {
    for (const problem of this._waiting.splice(0))
      tell(problem).catch((error: unknown) => {
        // An older integration has no log: then nothing waits for it.
        if ((error as { code?: string } | null)?.code !== "unknown_command")
          this._waiting.push(problem);
      });
  }
}

/** The id of a problem that a person is told of; the house writes it into its log of problems. */

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** Give six letters that can be read out. */
export function newProblemId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

import { expect, test, vi } from "vitest";
import { ErrorLog } from "../../src/companion/error-log.js";

const settled = () => new Promise((done) => setTimeout(done));

test("every error has an id, and the house's own keep theirs", () => {
  const log = new ErrorLog();
  expect(log.add("send_failed").problem_id).toMatch(/^[A-HJ-NP-Z2-9]{6}$/);
  expect(log.add("model_failed", "K7Q2MX").problem_id).toBe("K7Q2MX");
});

test("the house is told once of what it does not know, also when the line was down", async () => {
  const log = new ErrorLog();
  const problem = log.add("link_offline");
  log.add("model_failed", "K7Q2MX");
  const tell = vi.fn().mockRejectedValueOnce(3).mockResolvedValue(undefined);
  for (let i = 0; i < 3; i++) {
    log.report(tell);
    await settled();
  }
  expect(tell.mock.calls).toEqual([[problem], [problem]]);
});

test("a house without a log is asked no more", async () => {
  const log = new ErrorLog();
  log.add("send_failed");
  const tell = vi.fn().mockRejectedValue({ code: "unknown_command" });
  log.report(tell);
  await settled();
  log.report(tell);
  expect(tell).toHaveBeenCalledTimes(1);
});

/** What she is doing, as the body shows it. */

export const ACTIVITIES = ["idle", "listening", "thinking", "speaking", "asleep"] as const;
export type Activity = (typeof ACTIVITIES)[number];

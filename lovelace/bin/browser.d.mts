export const CHROMIUM: string;
export const FLAGS: readonly string[];
export const FAKE_MICROPHONE: readonly string[];

/** Why a page may not hear, and where it runs: the way out is another one in each. */

/** What stands between the page and a microphone. */
export type Barrier =
  "insecure" | "unsupported" | "forbidden" | "denied" | "absent" | "busy" | "failed";

/** Where the page is shown, as far as the way to a microphone differs. */
export type Surroundings = "android_app" | "apple_app" | "fully" | "browser";

const BARRIERS: Readonly<Record<string, Barrier>> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

interface PolicyDocument {
  featurePolicy?: { allowsFeature(name: string): boolean };
}

/** Tell what is missing before anybody taps; null when the person may be asked. */
export function missingMicrophone(): Barrier | null {
  // Browsers hide `mediaDevices` on plain http, wherever the page comes from but this machine.
  if ((window as Partial<Window>).isSecureContext === false) return "insecure";
  if (!(navigator as Partial<Navigator>).mediaDevices?.getUserMedia) return "unsupported";
  if (typeof AudioWorkletNode === "undefined") return "unsupported";
  const policy = (document as unknown as PolicyDocument).featurePolicy;
  return policy && !policy.allowsFeature("microphone") ? "forbidden" : null;
}

/** Tell what an error of `getUserMedia` means (Media Capture and Streams, §10.2). */
export function barrierOf(error: unknown): Barrier {
  return BARRIERS[(error as { name?: string } | null)?.name ?? ""] ?? "failed";
}

/** Tell whether the person has refused or granted already; null where the browser keeps it to itself. */
export async function microphonePermission(): Promise<PermissionState | null> {
  try {
    const query = { name: "microphone" as PermissionName };
    return (await navigator.permissions.query(query)).state;
  } catch {
    return null;
  }
}

/** Tell where the page is shown, by what the apps put into it. */
export function surroundings(page: object = window): Surroundings {
  const has = page as Record<string, unknown>;
  if (has["fully"]) return "fully";
  if (has["externalApp"] ?? has["externalAppV2"]) return "android_app";
  const handlers = (has["webkit"] as { messageHandlers?: Record<string, unknown> } | undefined)
    ?.messageHandlers;
  return handlers?.["getExternalAuth"] ? "apple_app" : "browser";
}

/** Why an avatar cannot be shown; each has its sentence in the card's translations. */

export type AvatarProblem =
  | "no_webgl"
  | "context_lost"
  | "not_found"
  | "unreachable"
  | "too_big"
  | "not_gltf"
  | "broken"
  | "external"
  | "unsupported"
  | "too_slow"
  | "no_humanoid";

export class AvatarError extends Error {
  constructor(
    readonly problem: AvatarProblem,
    detail = "",
  ) {
    super(detail ? `${problem}: ${detail}` : problem);
    this.name = "AvatarError";
  }
}

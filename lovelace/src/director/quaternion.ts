/** The little of quaternions that a pose needs; [x, y, z, w]. */

export type Quaternion = readonly [number, number, number, number];

export const IDENTITY: Quaternion = [0, 0, 0, 1];

/** Turn by angles in degrees: first about X (for an arm its twist), then Y, then Z. */
export function turn(x_deg: number, y_deg: number, z_deg: number): Quaternion {
  const half = Math.PI / 360;
  const [cx, cy, cz] = [Math.cos(x_deg * half), Math.cos(y_deg * half), Math.cos(z_deg * half)];
  const [sx, sy, sz] = [Math.sin(x_deg * half), Math.sin(y_deg * half), Math.sin(z_deg * half)];
  return [
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
    cx * cy * cz + sx * sy * sz,
  ];
}

/** Apply b, then a. */
export function multiply(a: Quaternion, b: Quaternion): Quaternion {
  const [ax, ay, az, aw] = a;
  const [bx, by, bz, bw] = b;
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** Go from a to b by a share, the short way. */
export function slerp(a: Quaternion, b: Quaternion, share: number): Quaternion {
  let dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3];
  const sign = dot < 0 ? -1 : 1;
  dot *= sign;
  // Nearly parallel: the sine below would divide by zero, and a straight line is exact enough.
  const angle = dot > 0.9995 ? 0 : Math.acos(dot);
  const from = angle ? Math.sin((1 - share) * angle) / Math.sin(angle) : 1 - share;
  const to = sign * (angle ? Math.sin(share * angle) / Math.sin(angle) : share);
  return normalise([
    a[0] * from + b[0] * to,
    a[1] * from + b[1] * to,
    a[2] * from + b[2] * to,
    a[3] * from + b[3] * to,
  ]);
}

/** Bring a quaternion back to length 1. */
function normalise([x, y, z, w]: Quaternion): Quaternion {
  const length = Math.hypot(x, y, z, w) || 1;
  return [x / length, y / length, z / length, w / length];
}

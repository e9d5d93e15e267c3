/** Model files with each something wrong, and what the card must say of them. */

import type { AvatarProblem } from "../../src/avatar/errors.js";
import { MAX_BYTES } from "../../src/avatar/file.js";

type Json = Record<string, unknown>;
const BONES = { hips: { node: 0 }, spine: { node: 1 }, head: { node: 2 } };
export const VRM1 = {
  extensionsUsed: ["VRMC_vrm"],
  extensions: { VRMC_vrm: { humanoid: { humanBones: BONES } } },
};
export const VRM0 = {
  extensionsUsed: ["VRM"],
  extensions: {
    VRM: { humanoid: { humanBones: Object.entries(BONES).map(([bone, at]) => ({ bone, ...at })) } },
  },
};
export const PLAIN = {
  asset: { version: "2.0" },
  buffers: [{ byteLength: 16 }],
  bufferViews: [{ buffer: 0, byteOffset: 4, byteLength: 12 }],
  accessors: [{ bufferView: 0, count: 1 }],
  nodes: [{}, {}, {}],
};

interface Lies {
  magic?: number;
  version?: number;
  length?: number;
  json_length?: number;
  json_type?: number;
  bin_bytes?: number;
}

/** Make a GLB of a document, with whatever it lies about. */
export function glb(document: Json | string, lies: Lies = {}): ArrayBuffer {
  const text = new TextEncoder().encode(
    typeof document === "string" ? document : JSON.stringify(document),
  );
  const json_bytes = Math.ceil(text.length / 4) * 4;
  const bin_bytes = lies.bin_bytes ?? 16;
  const bytes = new ArrayBuffer(12 + 8 + json_bytes + 8 + bin_bytes);
  new Uint8Array(bytes).fill(0x20, 20, 20 + json_bytes).set(text, 20);
  const view = new DataView(bytes);
  const words: [number, number][] = [
    [0, lies.magic ?? 0x46546c67],
    [4, lies.version ?? 2],
    [8, lies.length ?? bytes.byteLength],
    [12, lies.json_length ?? json_bytes],
    [16, lies.json_type ?? 0x4e4f534a],
    [20 + json_bytes, bin_bytes],
    [24 + json_bytes, 0x004e4942],
  ];
  for (const [at, word] of words) view.setUint32(at, word, true);
  return bytes;
}

export const gltf = (text: string) => new TextEncoder().encode(text).buffer;

export const BROKEN: [string, () => ArrayBuffer, AvatarProblem][] = [
  ["nothing", () => new ArrayBuffer(0), "not_gltf"],
  ["eleven bytes", () => new ArrayBuffer(11), "not_gltf"],
  ["a text", () => gltf("this is no model at all"), "not_gltf"],
  [
    "a PNG",
    () => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 255]).buffer,
    "not_gltf",
  ],
  ["a web page", () => gltf("<!doctype html><script>alert(1)</script>"), "not_gltf"],
  ["a list", () => gltf('[{"asset": 1}, 2, 3, 4]'), "not_gltf"],
  ["another magic", () => glb(PLAIN, { magic: 0x46546c68 }), "not_gltf"],
  ["glTF 1", () => glb(PLAIN, { version: 1 }), "not_gltf"],
  ["glTF 1 in its JSON", () => glb({ ...PLAIN, asset: { version: "1.0" } }), "not_gltf"],
  ["no version", () => gltf('{"scenes": [], "nodes": []}'), "not_gltf"],
  ["a length that is a lie", () => glb(PLAIN, { length: 1e9 }), "broken"],
  ["a chunk that is a lie", () => glb(PLAIN, { json_length: 1e9 }), "broken"],
  ["half a file", () => glb(PLAIN).slice(0, 150), "broken"],
  ["only a header", () => glb(PLAIN, { length: 12 }).slice(0, 12), "broken"],
  ["no JSON first", () => glb(PLAIN, { json_type: 0x004e4942 }), "broken"],
  ["JSON that ends early", () => glb('{"asset": {"version": "2.0"}, "nodes": ['), "broken"],
  ["a buffer that is not there", () => glb(PLAIN, { bin_bytes: 8 }), "broken"],
  [
    "a view outside its buffer",
    () => glb({ ...PLAIN, bufferViews: [{ buffer: 0, byteOffset: 8, byteLength: 12 }] }),
    "broken",
  ],
  ["a negative length", () => glb({ ...PLAIN, buffers: [{ byteLength: -1 }] }), "broken"],
  [
    "an accessor of nothing",
    () => glb({ ...PLAIN, accessors: [{ bufferView: 7, count: 1 }] }),
    "broken",
  ],
  ["a VRM without bones", () => glb({ ...PLAIN, extensionsUsed: ["VRMC_vrm"] }), "no_humanoid"],
  ["a VRM whose bones are not there", () => glb({ ...PLAIN, ...VRM1, nodes: [{}] }), "no_humanoid"],
  ["an old VRM without bones", () => glb({ ...PLAIN, ...VRM0, extensions: {} }), "no_humanoid"],
  ["41 MB", () => new ArrayBuffer(MAX_BYTES + 1), "too_big"],
  [
    "data that lies elsewhere",
    () => glb({ ...PLAIN, buffers: [{ byteLength: 16, uri: "https://example.org/a.bin" }] }),
    "external",
  ],
  ["a picture elsewhere", () => glb({ ...PLAIN, images: [{ uri: "../a.png" }] }), "external"],
  [
    "packed",
    () => glb({ ...PLAIN, extensionsRequired: ["KHR_draco_mesh_compression"] }),
    "unsupported",
  ],
  [
    "a node in a circle",
    () => glb({ ...PLAIN, nodes: [{ children: [1] }, { children: [0] }] }),
    "broken",
  ],
  [
    "a node with two parents",
    () => glb({ ...PLAIN, nodes: [{ children: [2] }, { children: [2] }, {}] }),
    "broken",
  ],
];

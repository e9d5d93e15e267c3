/** Read the outside of a glTF 2.0 file and refuse what lies about itself, before three.js trips over it. */

import { AvatarError } from "./errors.js";

/** glTF 2.0 §4.4: "glTF", and the types of the chunks "JSON" and "BIN". */
const GLB_MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Compressions whose decoders would be larger than the card. */
const PACKED = ["KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_texture_basisu"];
/** Nodes below each other. */
const MAX_DEPTH = 512;
/** Bones without which nothing can be posed (VRMC_vrm 1.0 humanoid, required bones). */
const NEEDED_BONES = ["hips", "spine", "head"];

interface Document {
  asset?: { version?: unknown };
  buffers?: { byteLength?: unknown; uri?: unknown }[];
  bufferViews?: { buffer?: unknown; byteOffset?: unknown; byteLength?: unknown }[];
  accessors?: { bufferView?: unknown; count?: unknown }[];
  images?: { uri?: unknown }[];
  nodes?: unknown[];
  extensionsUsed?: unknown;
  extensionsRequired?: unknown;
  extensions?: Record<string, { humanoid?: { humanBones?: unknown } } | undefined>;
}

/** Refuse a file that is no glTF 2.0, is cut off, or says it is a VRM without a body. */
export function checkContainer(bytes: ArrayBuffer): void {
  if (bytes.byteLength < HEADER_BYTES) throw new AvatarError("not_gltf");
  const view = new DataView(bytes);
  const binary = view.getUint32(0, true) === GLB_MAGIC;
  const { text, bin_bytes } = binary ? openGlb(bytes, view) : { text: decode(bytes), bin_bytes: 0 };
  // A .gltf is JSON: it begins with a brace, after white space at most.
  if (!binary && !text.trimStart().startsWith("{")) throw new AvatarError("not_gltf");
  const document = parse(text);
  const version = document.asset?.version;
  if (typeof version !== "string" || !version.startsWith("2."))
    throw new AvatarError("not_gltf", "version");
  checkRequired(document);
  checkSources(document);
  checkRanges(document, binary ? bin_bytes : null);
  checkTrees(document.nodes ?? []);
  checkHumanoid(document);
}

/** Take a GLB apart. */
function openGlb(bytes: ArrayBuffer, view: DataView): { text: string; bin_bytes: number } {
  if (view.getUint32(4, true) !== 2) throw new AvatarError("not_gltf", "version");
  if (view.getUint32(8, true) > bytes.byteLength) throw new AvatarError("broken", "length");
  let text: string | null = null;
  let bin_bytes = 0;
  let at = HEADER_BYTES;
  while (at + CHUNK_HEADER_BYTES <= bytes.byteLength) {
    const length = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER_BYTES;
    if (start + length > bytes.byteLength) throw new AvatarError("broken", "chunk");
    if (text === null && type !== JSON_CHUNK) throw new AvatarError("broken", "no JSON");
    text ??= decode(bytes.slice(start, start + length));
    if (type === BIN_CHUNK) bin_bytes = length;
    at = start + length;
  }
  if (text === null) throw new AvatarError("broken", "empty");
  return { text, bin_bytes };
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new AvatarError("not_gltf", "text");
  }
}

function parse(text: string): Document {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new AvatarError("broken", "JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document))
    throw new AvatarError("not_gltf");
  return document;
}

/** Refuse what needs a decoder that is not here. */
function checkRequired({ extensionsRequired }: Document): void {
  const required = Array.isArray(extensionsRequired) ? (extensionsRequired as unknown[]) : [];
  const packed = PACKED.find((name) => required.includes(name));
  if (packed) throw new AvatarError("unsupported", packed);
}

/** Refuse data and pictures that lie elsewhere: a model must not make a tablet ask another house. */
function checkSources({ buffers, images }: Document): void {
  for (const list of [buffers, images])
    for (const { uri } of Array.isArray(list) ? list : [])
      if (uri !== undefined && !(typeof uri === "string" && uri.startsWith("data:")))
        throw new AvatarError("external");
}

/** Refuse nodes that have two parents or go round in a circle: a loader would wait for ever. */
function checkTrees(nodes: readonly unknown[]): void {
  const parents = new Map<number, number>();
  nodes.forEach((node, at) => {
    const children = (node as { children?: unknown } | null)?.children;
    for (const child of Array.isArray(children) ? (children as unknown[]) : []) {
      if (size(child) >= nodes.length || parents.has(size(child)) || child === at)
        throw new AvatarError("broken", "node");
      parents.set(size(child), at);
    }
  });
  // Every node has one parent at most, so that only a circle is longer than all nodes.
  for (const start of parents.keys()) {
    let [at, steps]: [number | undefined, number] = [start, 0];
    while (at !== undefined && steps++ <= MAX_DEPTH) at = parents.get(at);
    if (at !== undefined) throw new AvatarError("broken", "circle");
  }
}

/** Refuse views and accessors that point outside; `bin_bytes` is null where the data lies elsewhere. */
function checkRanges(document: Document, bin_bytes: number | null): void {
  const { buffers, bufferViews, accessors } = document;
  for (const list of [buffers, bufferViews, accessors, document.nodes])
    if (list !== undefined && !Array.isArray(list)) throw new AvatarError("broken", "list");
  const sizes = (buffers ?? []).map(({ byteLength }) => size(byteLength));
  const inside = bin_bytes !== null && sizes.length > 0 && buffers![0]!.uri === undefined;
  if (inside && sizes[0]! > bin_bytes) throw new AvatarError("broken", "buffer");
  for (const { buffer, byteOffset, byteLength } of bufferViews ?? []) {
    const room = sizes[size(buffer)];
    if (room === undefined || size(byteOffset ?? 0) + size(byteLength) > room)
      throw new AvatarError("broken", "view");
  }
  for (const { bufferView, count } of accessors ?? []) {
    size(count);
    if (bufferView !== undefined && size(bufferView) >= (bufferViews ?? []).length)
      throw new AvatarError("broken", "accessor");
  }
}

/** Take a number that counts or measures. */
function size(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new AvatarError("broken", "number");
  return value;
}

/** Refuse a VRM (0.x lists its bones, 1.0 names them) without the bones that every pose needs. */
function checkHumanoid({ extensions, extensionsUsed, nodes }: Document): void {
  const used = Array.isArray(extensionsUsed) ? (extensionsUsed as unknown[]) : [];
  if (!used.includes("VRM") && !used.includes("VRMC_vrm")) return;
  const bones = (extensions?.["VRMC_vrm"] ?? extensions?.["VRM"])?.humanoid?.humanBones;
  const places = Array.isArray(bones)
    ? (bones as { bone?: unknown; node?: unknown }[]).map(({ bone, node }) => [bone, node])
    : Object.entries((bones ?? {}) as Record<string, { node?: unknown } | undefined>).map(
        ([bone, place]) => [bone, place?.node],
      );
  for (const needed of NEEDED_BONES) {
    const node = places.find(([bone]) => bone === needed)?.[1];
    if (typeof node !== "number" || !(node in (nodes ?? []))) throw new AvatarError("no_humanoid");
  }
}

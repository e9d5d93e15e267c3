/** A small figure made of boxes, written as VRM 0.x, VRM 1.0 or plain GLB: somebody else's file, as the card must take it. */

type Vec3 = readonly [number, number, number];
export type Format = "vrm0" | "vrm1" | "glb";
interface Part {
  bone: string;
  centre: Vec3;
  size: Vec3;
  colour: Vec3;
  /** How each morph target changes the box: about its centre, by factors, and moved up. */
  morphs?: Record<string, { factor: Vec3; up?: number }>;
}

const PLACES: Record<string, { parent: string | null; at: Vec3 }> = {
  hips: { parent: null, at: [0, 0.9, 0] },
  spine: { parent: "hips", at: [0, 0.15, 0] },
  chest: { parent: "spine", at: [0, 0.15, 0] },
  neck: { parent: "chest", at: [0, 0.2, 0] },
  head: { parent: "neck", at: [0, 0.1, 0] },
  ...side("left", 1),
  ...side("right", -1),
};

function side(name: "left" | "right", sign: number): typeof PLACES {
  return {
    [`${name}UpperArm`]: { parent: "chest", at: [sign * 0.16, 0.13, 0] },
    [`${name}LowerArm`]: { parent: `${name}UpperArm`, at: [sign * 0.24, 0, 0] },
    [`${name}Hand`]: { parent: `${name}LowerArm`, at: [sign * 0.22, 0, 0] },
    [`${name}UpperLeg`]: { parent: "hips", at: [sign * 0.09, -0.05, 0] },
    [`${name}LowerLeg`]: { parent: `${name}UpperLeg`, at: [0, -0.4, 0] },
    [`${name}Foot`]: { parent: `${name}LowerLeg`, at: [0, -0.4, 0] },
  };
}

const MOUTH = {
  aa: { factor: [1, 3.2, 1] as Vec3 },
  ih: { factor: [1.3, 1.4, 1] as Vec3 },
  ou: { factor: [0.5, 2, 1] as Vec3 },
  ee: { factor: [1.5, 1.8, 1] as Vec3 },
  oh: { factor: [0.7, 2.8, 1] as Vec3 },
  happy: { factor: [1.8, 1.6, 1] as Vec3, up: 0.008 },
  sad: { factor: [0.8, 1, 1] as Vec3, up: -0.012 },
  angry: { factor: [0.6, 1.4, 1] as Vec3 },
  relaxed: { factor: [1.5, 0.7, 1] as Vec3 },
  surprised: { factor: [0.7, 3.4, 1] as Vec3 },
};
const EYES = {
  happy: { factor: [1.1, 0.25, 1] as Vec3 },
  sad: { factor: [1, 0.6, 1] as Vec3, up: -0.01 },
  angry: { factor: [1.2, 0.5, 1] as Vec3, up: 0.008 },
  relaxed: { factor: [1, 0.4, 1] as Vec3 },
  surprised: { factor: [1.3, 1.5, 1] as Vec3 },
  blink: { factor: [1.1, 0.08, 1] as Vec3 },
};
const PARTS: Part[] = [
  { bone: "chest", centre: [0, 0, 0], size: [0.3, 0.34, 0.16], colour: [0.2, 0.3, 0.7] },
  { bone: "hips", centre: [0, 0, 0], size: [0.26, 0.2, 0.16], colour: [0.2, 0.2, 0.3] },
  { bone: "head", centre: [0, 0.11, 0], size: [0.2, 0.24, 0.2], colour: [0.95, 0.8, 0.7] },
  {
    bone: "head",
    centre: [0, 0.06, 0.105],
    size: [0.05, 0.012, 0.01],
    colour: [0.5, 0, 0],
    morphs: MOUTH,
  },
  {
    bone: "head",
    centre: [0.045, 0.14, 0.105],
    size: [0.035, 0.04, 0.01],
    colour: [0, 0, 0.2],
    morphs: EYES,
  },
  {
    bone: "head",
    centre: [-0.045, 0.14, 0.105],
    size: [0.035, 0.04, 0.01],
    colour: [0, 0, 0.2],
    morphs: EYES,
  },
  ...["left", "right"].flatMap((name): Part[] => {
    const sign = name === "left" ? 1 : -1;
    return [
      {
        bone: `${name}UpperArm`,
        centre: [sign * 0.12, 0, 0],
        size: [0.24, 0.07, 0.07],
        colour: [0.2, 0.3, 0.7],
      },
      {
        bone: `${name}LowerArm`,
        centre: [sign * 0.11, 0, 0],
        size: [0.22, 0.06, 0.06],
        colour: [0.2, 0.3, 0.7],
      },
      {
        bone: `${name}Hand`,
        centre: [sign * 0.05, 0, 0],
        size: [0.1, 0.04, 0.07],
        colour: [0.95, 0.8, 0.7],
      },
      {
        bone: `${name}UpperLeg`,
        centre: [0, -0.2, 0],
        size: [0.12, 0.4, 0.12],
        colour: [0.2, 0.2, 0.3],
      },
      {
        bone: `${name}LowerLeg`,
        centre: [0, -0.2, 0],
        size: [0.1, 0.4, 0.1],
        colour: [0.2, 0.2, 0.3],
      },
    ];
  }),
];
const CORNERS: Vec3[] = [-1, 1].flatMap((x) =>
  [-1, 1].flatMap((y) => [-1, 1].map((z): Vec3 => [x / 2, y / 2, z / 2])),
);
const FACES = [
  0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7,
  1, 7, 3,
];
/** VRM 0.x has older words for the same feelings. */
const OLD: Record<string, string> = {
  aa: "a",
  ih: "i",
  ou: "u",
  ee: "e",
  oh: "o",
  happy: "joy",
  sad: "sorrow",
  angry: "angry",
  relaxed: "fun",
  blink: "blink",
};
const MIXAMO: Record<string, string> = {
  UpperArm: "Arm",
  LowerArm: "ForeArm",
  UpperLeg: "UpLeg",
  LowerLeg: "Leg",
};

/** Write the figure; its smile holds the mouth shut, as on many figures that people have. */
export function sample(format: Format): Buffer {
  // Before 1.0 a VRM looks the other way.
  const turned = format === "vrm0" ? -1 : 1;
  const place = ([x, y, z]: Vec3): Vec3 => [x * turned, y, z * turned];
  const names = Object.keys(PLACES);
  const file = new Binary();
  const meshes = PARTS.map((part) => file.box(part, place));
  const nodes = names.map((name) => {
    const children = names.flatMap((each, at) => (PLACES[each]!.parent === name ? [at] : []));
    const own = PARTS.flatMap((part, at) => (part.bone === name ? [names.length + at] : []));
    return {
      name: format === "glb" ? mixamo(name) : name,
      translation: place(PLACES[name]!.at),
      children: [...children, ...own],
    };
  });
  const shown = PARTS.map((_, mesh) => ({ name: `part${mesh}`, mesh }));
  const document = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [
      ...nodes.map(({ children, ...node }) => (children.length ? { ...node, children } : node)),
      ...shown,
    ],
    meshes,
    materials: PARTS.map(({ colour }) => ({
      pbrMetallicRoughness: { baseColorFactor: [...colour, 1] },
      extensions: { KHR_materials_unlit: {} },
      doubleSided: true,
    })),
    ...file.layout,
    ...(format === "vrm1"
      ? vrm1(names)
      : format === "vrm0"
        ? vrm0(names)
        : { extensionsUsed: ["KHR_materials_unlit"] }),
  };
  return file.glb(document);
}

function mixamo(name: string): string {
  const sided = /^(left|right)(.*)$/.exec(name);
  const word = (text: string) => text[0]!.toUpperCase() + text.slice(1);
  return `mixamorig:${sided ? word(sided[1]!) + (MIXAMO[sided[2]!] ?? sided[2]!) : name === "chest" ? "Spine1" : word(name)}`;
}

/** Say where each morph target is: in which mesh's node, at which place. */
function binds(expression: string): { node: number; mesh: number; index: number }[] {
  return PARTS.flatMap(({ morphs }, mesh) => {
    const index = Object.keys(morphs ?? {}).indexOf(expression);
    return index < 0 ? [] : [{ node: Object.keys(PLACES).length + mesh, mesh, index }];
  });
}

const EXPRESSIONS = [...new Set([...Object.keys(MOUTH), ...Object.keys(EYES)])];

function vrm1(names: string[]) {
  const preset = Object.fromEntries(
    EXPRESSIONS.map((name) => [
      name,
      {
        morphTargetBinds: binds(name).map(({ node, index }) => ({ node, index, weight: 1 })),
        ...(name === "happy" ? { overrideMouth: "block" } : {}),
      },
    ]),
  );
  const humanBones = Object.fromEntries(names.map((name, node) => [name, { node }]));
  const meta = { name: "Sample", authors: ["tests"], licenseUrl: "https://vrm.dev/licenses/1.0/" };
  return {
    extensionsUsed: ["VRMC_vrm", "KHR_materials_unlit"],
    extensions: {
      VRMC_vrm: { specVersion: "1.0", meta, humanoid: { humanBones }, expressions: { preset } },
    },
  };
}

function vrm0(names: string[]) {
  const blendShapeGroups = EXPRESSIONS.map((name) => ({
    name: OLD[name] ?? "Surprised",
    presetName: OLD[name] ?? "unknown",
    binds: binds(name).map(({ mesh, index }) => ({ mesh, index, weight: 100 })),
    materialValues: [],
  }));
  const humanBones = names.map((bone, node) => ({ bone, node, useDefaultValues: true }));
  return {
    extensionsUsed: ["VRM", "KHR_materials_unlit"],
    extensions: {
      VRM: {
        exporterVersion: "tests",
        specVersion: "0.0",
        meta: { title: "Sample" },
        humanoid: { humanBones },
        firstPerson: {
          firstPersonBone: names.indexOf("head"),
          meshAnnotations: [],
          lookAtTypeName: "Bone",
        },
        blendShapeMaster: { blendShapeGroups },
        secondaryAnimation: { boneGroups: [], colliderGroups: [] },
        materialProperties: [],
      },
    },
  };
}

/** The binary part of a file and what points into it. */
class Binary {
  private readonly _chunks: Buffer[] = [];
  private _bytes = 0;
  private readonly _views: object[] = [];
  private readonly _accessors: object[] = [];

  get layout() {
    return {
      buffers: [{ byteLength: this._bytes }],
      bufferViews: this._views,
      accessors: this._accessors,
    };
  }

  /** Write a box and its morph targets; gives the mesh. */
  box({ centre, size, morphs }: Part, place: (point: Vec3) => Vec3) {
    const at = (factor: Vec3, up = 0) =>
      CORNERS.map((corner) =>
        place(
          [0, 1, 2].map(
            (i) => centre[i]! + corner[i]! * size[i]! * factor[i]! + (i === 1 ? up : 0),
          ) as unknown as Vec3,
        ),
      );
    const rest = at([1, 1, 1]);
    const targets = Object.values(morphs ?? {}).map(({ factor, up }) =>
      at(factor, up).map(
        (point, i) => point.map((value, k) => value - rest[i]![k]!) as unknown as Vec3,
      ),
    );
    const material = this._materials++;
    return {
      primitives: [
        {
          attributes: { POSITION: this._points(rest) },
          indices: this._indices(),
          material,
          ...(targets.length
            ? { targets: targets.map((target) => ({ POSITION: this._points(target) })) }
            : {}),
        },
      ],
      extras: { targetNames: Object.keys(morphs ?? {}) },
    };
  }

  private _materials = 0;

  /** Write the whole file. */
  glb(document: object): Buffer {
    const pad = (bytes: Buffer, sign: number) =>
      Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3, sign)]);
    const json = pad(Buffer.from(JSON.stringify(document)), 0x20);
    const bin = pad(Buffer.concat(this._chunks), 0);
    const words = (...values: number[]) => Buffer.from(new Uint32Array(values).buffer);
    return Buffer.concat([
      words(0x46546c67, 2, 28 + json.length + bin.length),
      words(json.length, 0x4e4f534a),
      json,
      words(bin.length, 0x004e4942),
      bin,
    ]);
  }

  private _points(points: Vec3[]): number {
    const bound = (pick: (...values: number[]) => number) =>
      [0, 1, 2].map((i) => Math.fround(pick(...points.map((point) => point[i]!))));
    const values = new Float32Array(points.flat());
    const more = { type: "VEC3", min: bound(Math.min), max: bound(Math.max) };
    return this._add(Buffer.from(values.buffer), 5126, points.length, more);
  }

  private _indices(): number {
    return this._add(Buffer.from(new Uint16Array(FACES).buffer), 5123, FACES.length, {
      type: "SCALAR",
    });
  }

  private _add(bytes: Buffer, componentType: number, count: number, more: object): number {
    this._views.push({ buffer: 0, byteOffset: this._bytes, byteLength: bytes.length });
    this._chunks.push(bytes);
    this._bytes += bytes.length;
    this._accessors.push({ bufferView: this._views.length - 1, componentType, count, ...more });
    return this._accessors.length - 1;
  }
}

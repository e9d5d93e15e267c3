/** A sound server of its own: what is played into its bus is heard by a browser's microphone. */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RATE_HZ = 16_000;

export interface SoundServer {
  /** The environment in which a program finds it. */
  environment: NodeJS.ProcessEnv;
  /** Play a WAV file into the microphone; resolves when it has sounded. */
  speak(file: string): Promise<void>;
  /** Take down what the loudspeaker plays; the answer ends it and gives its loudest sample (0…1). */
  overhear(): () => Promise<number>;
  close(): Promise<void>;
}

/** Say a sentence into a file, as somebody in the room would. */
export function spoken(text: string, file: string): void {
  const { status } = spawnSync("flite", ["-voice", "slt", "-t", text, "-o", file]);
  if (status) throw new Error("flite could not speak");
}

/** Start the sound server in a folder of its own. */
export async function soundServer(): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), "waifu-rt3d-sound-"));
  const socket = join(folder, "native");
  const config = join(folder, "pulse.pa");
  writeFileSync(
    config,
    [
      "load-module module-null-sink sink_name=speaker rate=48000",
      "load-module module-null-sink sink_name=bus rate=48000 channels=1",
      "load-module module-remap-source source_name=microphone master=bus.monitor",
      "set-default-sink speaker",
      "set-default-source microphone",
      `load-module module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ].join("\n"),
  );
  const environment = {
    ...process.env,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    PULSE_SERVER: `unix:${socket}`,
  };
  const options = [
    "-n",
    "--daemonize=no",
    "--use-pid-file=no",
    "--exit-idle-time=-1",
    "-F",
    config,
  ];
  const server = spawn("pulseaudio", options, { env: environment, stdio: "ignore" });
  while (!existsSync(socket) && server.exitCode === null) await pause(50);
  if (server.exitCode !== null) throw new Error("pulseaudio did not start");
  return {
    environment,
    speak: (file) => ended(spawn("paplay", ["--device=bus", file], { env: environment })),
    overhear: () => overhear(environment),
    close: async () => {
      server.kill();
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function overhear(env: NodeJS.ProcessEnv): () => Promise<number> {
  const command = ["--device=speaker.monitor", "--raw", "--format=s16le", "--channels=1"];
  const recorder = spawn("parec", [...command, `--rate=${RATE_HZ}`], { env });
  const parts: Buffer[] = [];
  recorder.stdout.on("data", (part: Buffer) => parts.push(part));
  return async () => {
    recorder.kill();
    await ended(recorder);
    const sound = Buffer.concat(parts);
    let loudest = 0;
    for (let at = 0; at + 1 < sound.length; at += 2)
      loudest = Math.max(loudest, Math.abs(sound.readInt16LE(at)));
    return loudest / 32768;
  };
}

function ended(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => program.once("exit", () => resolve()));
}

function pause(wait_ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, wait_ms));
}

export function serve(options: {
  avatar: string;
  files?: Map<string, Buffer>;
  port?: number;
}): Promise<{ url: string; close: () => void }>;

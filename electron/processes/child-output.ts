// Carries what a child prints to the log, line by line.
// Must not print by itself: a packaged desktop program has no terminal.
import { createInterface } from 'node:readline';
import type { Log } from '../rpc/log.ts';

/** Characters; a driver that dumps memory into its output must not fill the disk with one line. */
const MAX_LINE = 2_000;

export function logOutput(
  name: string,
  streams: { readonly stdout: NodeJS.ReadableStream | null; readonly stderr: NodeJS.ReadableStream | null },
  log: Log,
): void {
  for (const [level, stream] of [
    ['info', streams.stdout],
    ['warn', streams.stderr],
  ] as const) {
    if (stream === null) continue;
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) =>
      log(level, 'process.output', { process: name, line: line.slice(0, MAX_LINE) }),
    );
  }
}

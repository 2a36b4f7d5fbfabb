// Entry of `npm run library`: reads its folder, starts the library, says where it is, closes cleanly when told to stop.
// Must not offer any fault switch.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Base64 } from '../contract/office.ts';
import { Profile, Sha256 } from '../contract/values.ts';
import { loadOrMakeLibraryKeys, readJsonFile } from './library-keys.ts';
import { type RunningLibrary, startLibrary } from './start-library.ts';

/** issuers.json: whom this library takes licences from. */
const IssuersFile = z.strictObject({
  /** Certification authorities, DER. */
  trustAnchors: z.array(Base64),
  /** By issuer code: SHA-256 of the DER certificates it seals with. */
  issuers: z.record(z.string(), z.array(Sha256)),
});

const DEFAULT_PORT = 7380;
const Port = z.object({ port: z.coerce.number().int().min(0).max(65_535) });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: path.join('out', 'library') },
      port: { type: 'string' },
      name: { type: 'string', default: 'Training library' },
      profile: { type: 'string', default: 'training' },
      // A demonstration's library lives on the demonstration's day.
      'clock-offset-ms': { type: 'string', default: '0' },
    },
  });
  const dir = path.resolve(values.dir);
  const { port } = Port.parse({ port: values.port ?? (process.send === undefined ? DEFAULT_PORT : 0) });
  const clockOffsetMs = z.coerce.number().int().parse(values['clock-offset-ms']);
  const { profile } = z.object({ profile: Profile }).parse(values);
  const keys = loadOrMakeLibraryKeys(dir, values.name, profile);
  const issuersPath = path.join(dir, 'issuers.json');
  const { trustAnchors, issuers } = existsSync(issuersPath) ? readJsonFile(issuersPath, IssuersFile) : { trustAnchors: [], issuers: {} };
  const library = await startLibrary({
    dir,
    port,
    keys,
    issuers,
    trustAnchors: trustAnchors.map((der) => Buffer.from(der, 'base64')),
    clock: { nowMs: () => Date.now() + clockOffsetMs },
  });
  if (Object.keys(issuers).length === 0) process.stderr.write(`No issuer is registered: put ${issuersPath} there and start again.\n`);
  process.stdout.write(`${library.url}\n`);
  process.send?.({ url: library.url, name: keys.name, receiptKey: keys.receiptKey });
  closeWhenTold(library);
}

function closeWhenTold(library: RunningLibrary): void {
  let isClosing = false;
  const close = (): void => {
    if (isClosing) return;
    isClosing = true;
    void library.close().then(() => {
      if (process.connected) process.disconnect();
    });
  };
  process.once('SIGTERM', close);
  process.once('SIGINT', close);
  // Whoever forked it is gone.
  process.once('disconnect', close);
}

/** One line; a file or switch that does not have its form says where. */
function inOneLine(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map(({ path: where, message }) => `${where.join('.')} ${message}`.trim()).join('; ');
  return error instanceof Error ? error.message : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`The library did not start: ${inOneLine(error)}\n`);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
});

// `npm start`: builds what changed and opens the station in training mode. Ends with the exit code of the program.
// Must not prepare any workspace itself: that is the program's own first start, the same as after an installation.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildAll } from './build.ts';
import { NoElectron, resolveElectron } from './electron-runtime.ts';

const root = path.resolve(import.meta.dirname, '../..');

async function start(): Promise<number> {
  await buildAll((line) => console.log(line));
  const runtime = await resolveElectron();
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env;
  const isRoot = process.getuid?.() === 0;
  if (isRoot) console.log('started as root: Chromium has no sandbox of its own then; fit for training and tests only');
  const child = spawn(runtime.executablePath, [...(isRoot ? ['--no-sandbox'] : []), root, ...process.argv.slice(2)], {
    env,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

try {
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof NoElectron)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

// The shell's log: one JSON object a line, in a file of the workspace; while developing, what went wrong on the terminal too.
// Must not hold personal data or a PIN: what is logged is decided by whoever calls it (rpc/log.ts).
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../rpc/log.ts';

const MAX_BYTES = 5_000_000;

export function openLog(logDir: string, { terminal }: { readonly terminal: boolean }): Log {
  mkdirSync(logDir, { recursive: true });
  const file = path.join(logDir, 'shell.log');
  if (existsSync(file) && statSync(file).size > MAX_BYTES) renameSync(file, path.join(logDir, 'shell.previous.log'));
  return (level, event, fields) => {
    const line = JSON.stringify({ at: new Date().toISOString(), level, event, ...fields });
    appendFileSync(file, `${line}\n`);
    if (terminal && (level === 'warn' || level === 'error') && event !== 'process.output') process.stderr.write(`${line}\n`);
  };
}

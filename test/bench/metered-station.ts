// The station's own program behind a meter: argv is the entry and where to write. On SIGUSR2 it writes what it saw since.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

const [entryPath = '', meterPath = ''] = process.argv.slice(2);
const RESOLUTION_MS = 2;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

process.on('SIGUSR2', () => {
  const longestStallMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
  delay.reset();
  writeFileSync(`${meterPath}.new`, JSON.stringify({ longestStallMs }));
  renameSync(`${meterPath}.new`, meterPath);
});

await import(pathToFileURL(entryPath).href);
delay.enable();

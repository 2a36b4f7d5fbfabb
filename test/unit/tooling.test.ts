import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoElectron, ownVersion, resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { afterExtract } from '../../electron/tooling/refuse-other-electron.ts';

let dir: string;
const saved = { ...process.env };
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'banjie-electron-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  process.env = { ...saved };
});

describe('resolveElectron', () => {
  it('takes the override, and says what is wrong with one that holds no Electron', async () => {
    process.env.ELECTRON_OVERRIDE_DIST_PATH = dir;
    await expect(resolveElectron()).rejects.toThrow(NoElectron);
    writeFileSync(path.join(dir, 'electron'), '');
    await expect(resolveElectron()).resolves.toMatchObject({ source: 'override', executablePath: path.join(dir, 'electron') });
  });
});

describe('packing', () => {
  it('takes the pinned Electron and refuses the fallback of tests', async () => {
    writeFileSync(path.join(dir, 'version'), ownVersion());
    await expect(afterExtract({ appOutDir: dir })).resolves.toBeUndefined();
    writeFileSync(path.join(dir, 'version'), '33.2.1');
    await expect(afterExtract({ appOutDir: dir })).rejects.toThrow(/33\.2\.1/);
  });
});

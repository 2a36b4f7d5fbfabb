import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole } from '../../../electron/main/files.ts';
import { openPreferences } from '../../../electron/main/preferences.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'banjie-files-'));
});
afterEach(() => {
  chmodSync(dir, 0o700);
  rmSync(dir, { recursive: true, force: true });
});

describe('writeWhole', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    const target = path.join(dir, '证照.pdf');
    writeFileSync(target, 'old');
    await writeWhole(target, new Uint8Array([1, 2, 3]));
    expect([...readFileSync(target)]).toEqual([1, 2, 3]);
    expect(readdirSync(dir)).toEqual(['证照.pdf']);
  });

  it('makes a secret file readable by its owner only', async () => {
    const target = path.join(dir, 'key');
    await writeWhole(target, 'secret', 0o600);
    expect(statSync(target).mode & 0o777).toBe(0o600);
  });

  it('keeps the old file and names it when it cannot be written', async () => {
    const missing = path.join(dir, 'no-such-folder', 'a.pdf');
    await expect(writeWhole(missing, 'x')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN', details: { fileName: 'a.pdf' } });
    // A folder in the file's place: the rename fails, and the temporary file must go.
    const taken = path.join(dir, 'folder');
    await writeWhole(path.join(dir, 'kept'), 'kept');
    mkdirSync(path.join(taken, 'full'), { recursive: true });
    await expect(writeWhole(taken, 'x')).rejects.toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    expect(readdirSync(dir).sort()).toEqual(['folder', 'kept']);
  });
});

describe('preferences', () => {
  const logged: string[] = [];
  const log = (_level: string, event: string) => void logged.push(event);

  it('begin in Chinese', () => {
    expect(openPreferences(path.join(dir, 'p.json'), log).current()).toEqual({ language: 'zh', largePrint: false });
  });

  it('last over a restart', async () => {
    const file = path.join(dir, 'p.json');
    await openPreferences(file, log).set({ language: 'en', largePrint: true });
    expect(openPreferences(file, log).current()).toEqual({ language: 'en', largePrint: true });
  });

  it('take the defaults for a damaged file, and say so in the log', () => {
    const file = path.join(dir, 'p.json');
    writeFileSync(file, '{"language":"xx"');
    logged.length = 0;
    expect(openPreferences(file, log).current()).toEqual({ language: 'zh', largePrint: false });
    expect(logged).toEqual(['preferences.unreadable']);
  });
});

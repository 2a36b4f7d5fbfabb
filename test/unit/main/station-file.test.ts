import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepProfile, keptProfile } from '../../../electron/main/station-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'banjie-station-file-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('station.json', () => {
  it('says nothing where there is none', () => {
    expect(keptProfile(dir)).toBeNull();
  });

  it('keeps the profile that was chosen last', async () => {
    await keepProfile(dir, 'production');
    await keepProfile(dir, 'acceptance');
    expect(keptProfile(dir)).toBe('acceptance');
  });

  it.each(['', '{', '{}', '{"profile":"real"}', '{"profile":"production","more":1}', '\0\0\0'])('is damaged when it reads %j', (text) => {
    writeFileSync(path.join(dir, 'station.json'), text);
    expect(keptProfile(dir)).toBe('damaged');
  });
});

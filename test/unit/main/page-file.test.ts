import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageFile } from '../../../electron/main/page-file.ts';

const dir = path.join(path.sep, 'program', 'out', 'renderer');

describe('pageFile', () => {
  it('finds the pages and what they load', () => {
    expect(pageFile('app://station/', dir)).toBe(path.join(dir, 'index.html'));
    expect(pageFile('app://station/index.html#/today', dir)).toBe(path.join(dir, 'index.html'));
    expect(pageFile('app://pin/pin/index.html', dir)).toBe(path.join(dir, 'pin', 'index.html'));
    expect(pageFile('app://station/assets/%E5%8D%B0.js?v=1', dir)).toBe(path.join(dir, 'assets', '印.js'));
  });

  it.each([
    'app://station/../main.cjs',
    'app://station/%2e%2e/main.cjs',
    'app://station/%2e%2e%2fmain.cjs',
    'app://station/assets/..%2f..%2fmain.cjs',
    'app://station/..%2frenderer-other/x.js',
    'app://station/a%00.html',
    'app://station/%E5%8D',
    'app://elsewhere/index.html',
  ])('never leads out of the folder: %s', (url) => {
    const file = pageFile(url, dir);
    expect(file === null || file.startsWith(dir + path.sep)).toBe(true);
  });

  it('refuses encoded ways up, zero bytes, broken encoding and strange hosts', () => {
    expect(pageFile('app://station/%2e%2e%2fmain.cjs', dir)).toBeNull();
    expect(pageFile('app://station/a%00.html', dir)).toBeNull();
    expect(pageFile('app://station/%E5%8D', dir)).toBeNull();
    expect(pageFile('app://elsewhere/index.html', dir)).toBeNull();
  });
});

// What the product's window is made of, followed from its entry by its imports.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

function reachable(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file) || !existsSync(file)) return;
    found.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, to] of source.matchAll(/from '(\.[^']+)'|import '(\.[^']+)'/g))
      if (to !== undefined) visit(path.resolve(path.dirname(file), to));
  };
  visit(path.join(root, entry));
  return found;
}

const inRoot = (files: ReadonlySet<string>) => [...files].map((file) => path.relative(root, file));

describe('the window’s bundle', () => {
  const files = inRoot(reachable('renderer/main.tsx'));

  it('reaches all nine screens', () => {
    expect(files.filter((file) => /features\/\w+\/\w+Screen\.tsx$/.test(file))).toHaveLength(9);
  });

  it('holds nothing of the made-up station', () => {
    expect(files.filter((file) => file.includes('/fake/') || file.includes('dev.tsx'))).toEqual([]);
    expect(inRoot(reachable('renderer/dev.tsx')).some((file) => file.includes('/fake/'))).toBe(true);
  });

  it('uses of electron only the contract and the client half of rpc', () => {
    const others = files.filter((file) => file.startsWith('electron/') && !file.startsWith('electron/contract/'));
    expect(
      others.every((file) => /^electron\/rpc\/(connect|client-of|error-frame|find-call|frames|port|timers|ports\/window)\.ts$/.test(file)),
      others.join(),
    ).toBe(true);
  });

  it('finds its variables in the static sheet of this very Ant Design', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/antd/package.json'), 'utf8'));
    const sheet = readFileSync(path.join(root, 'node_modules/antd/dist/antd.css'), 'utf8');
    const key = /STATIC_SHEET_KEY = '([^']+)'/.exec(readFileSync(path.join(root, 'renderer/app/Look.tsx'), 'utf8'))?.[1];
    expect(version).toBe('6.6.8');
    expect(sheet).toContain(`.${key}{--ant-blue:`);
  });

  it('has no inline script or style in its pages', () => {
    for (const page of ['renderer/index.html', 'renderer/dev.html']) {
      const html = readFileSync(path.join(root, page), 'utf8');
      expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)/);
    }
  });
});

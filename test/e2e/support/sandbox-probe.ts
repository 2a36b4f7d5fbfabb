// Runs as an ordinary user: opens the program with the real sandbox of the operating system and prints what holds its page.
import { readFileSync } from 'node:fs';
import { _electron } from 'playwright-core';

const [executablePath = '', appDir = '', workspaceDir = ''] = process.argv.slice(2);
const app = await _electron.launch({
  executablePath,
  args: [`${appDir}/test/support/held-app`, `--workspace=${workspaceDir}`],
  chromiumSandbox: true,
  timeout: 60_000,
});
try {
  const page = await app.firstWindow();
  await page.getByText('王芳').waitFor();
  const pid = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId());
  const field = (name: string, of: number | string = pid ?? 'self') =>
    new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${of}/status`, 'utf8'))?.[1] ?? '';
  // A process has one number in each nested namespace.
  const depth = (of: number | string) => field('NSpid', of).split(/\s+/).length;
  const said = {
    uid: field('Uid').split(/\s+/)[0],
    seccomp: field('Seccomp'),
    noNewPrivileges: field('NoNewPrivs'),
    ownProcessNamespace: depth(pid ?? 'self') > depth('self'),
  };
  console.log(JSON.stringify(said));
} finally {
  await app.close();
}

// `npm run template`: what an office uses to add a licence type without code, run as it runs it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RESOURCES } from '../unit/documents/a-face.ts';
import { aNewTemplate, aNewType } from '../unit/documents/a-new-type.ts';

const command = path.resolve(import.meta.dirname, '../../electron/cli/template.ts');

function anOffice(template: unknown = aNewTemplate) {
  const dir = mkdtempSync(path.join(tmpdir(), 'template-'));
  const [file, type, out] = [path.join(dir, 'yulao.json'), path.join(dir, 'type.json'), path.join(dir, 'out')];
  writeFileSync(file, JSON.stringify(template, null, 2));
  writeFileSync(type, JSON.stringify(aNewType()));
  return { dir, file, type, out };
}
const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [command, ...args, '--language', 'en'], { encoding: 'utf8', env: { ...process.env, ...env } });

describe('interop.render.template', () => {
  it('draws a new type three ways, as PDF and as picture', () => {
    const { file, type, out } = anOffice();
    const done = run([file, '--type', type, '--out', out]);
    expect({ status: done.status, stderr: done.stderr }).toEqual({ status: 0, stderr: '' });
    expect(
      readdirSync(out)
        .filter((name) => name.endsWith('.pdf'))
        .sort(),
    ).toEqual(['longest', 'rare', 'shortest'].map((kind) => `yulao-${kind}.pdf`));
    for (const kind of ['longest', 'shortest', 'rare']) expect(readdirSync(out)).toContain(`yulao-${kind}-1.png`);
    // 512 characters of conditions go to an annex page.
    expect(readdirSync(out)).toContain('yulao-longest-2.png');
    expect(spawnSync('pdftotext', ['-raw', path.join(out, 'yulao-rare.pdf'), '-'], { encoding: 'utf8' }).stdout).toContain(
      '买买提·㛃䶮𠮷𪚥𫠠𬭎',
    );
  });

  it('draws given data, and says which item of it does not exist or does not fit', () => {
    const { dir, file, type, out } = anOffice();
    const data = path.join(dir, 'data.json');
    writeFileSync(data, JSON.stringify({ fisherName: '渔小二', waters: '神农溪' }));
    expect(run([file, '--type', type, '--data', data, '--out', out]).status).toBe(0);
    expect(spawnSync('pdftotext', [path.join(out, 'yulao-given.pdf'), '-'], { encoding: 'utf8' }).stdout).toContain('渔小二');
    writeFileSync(data, JSON.stringify({ fisher: '渔小二' }));
    const foreign = run([file, '--type', type, '--data', data, '--out', out]);
    expect([foreign.status, foreign.stderr]).toEqual([
      1,
      expect.stringContaining('data.json: fisher: licence type yulao has no such item'),
    ]);
    writeFileSync(data, JSON.stringify({ waters: '神农溪'.repeat(200) }));
    const long = run([file, '--type', type, '--data', data, '--out', out]);
    expect([long.status, long.stderr]).toEqual([1, expect.stringContaining('TEXT_DOES_NOT_FIT field=waters')]);
  });

  it('says where a template is broken, which type is missing, and how it is used', () => {
    const broken = anOffice({ ...aNewTemplate, elements: aNewTemplate.elements.map((e) => (e.kind === 'qr' ? { ...e, size: 'big' } : e)) });
    const done = run([broken.file, '--type', broken.type]);
    expect([done.status, done.stderr]).toEqual([1, expect.stringMatching(/yulao\.json: elements\[5\]\.size: .*number/)]);
    const office = anOffice();
    expect(run([office.file]).stderr).toContain('no licence type uses template yulao version 1');
    expect(run([path.join(office.dir, 'none.json')]).stderr).toContain('no such file');
    expect([run([]).status, run(['--colour', 'x']).status]).toEqual([2, 2]);
  });

  it('draws PDF only and says so where pdftoppm is missing', () => {
    const out = anOffice().out;
    const done = run([path.join(RESOURCES, 'templates/guihua.json'), '--out', out], { PATH: '/nowhere' });
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('pdftoppm is not there');
    expect(readdirSync(out).every((name) => name.endsWith('.pdf'))).toBe(true);
  });

  it('draws again when the template is saved', async () => {
    const { file, type, out } = anOffice();
    mkdirSync(out);
    const watching = spawn(process.execPath, [command, file, '--type', type, '--out', out, '--language', 'en', '--watch'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // Also when the test runs out of time: a child left behind would keep the runner waiting for ever.
    onTestFinished(() => void watching.kill());
    try {
      let said = '';
      const until = (words: RegExp) =>
        new Promise<void>((resolve) => {
          watching.stdout.on('data', (chunk: Buffer) => {
            said += chunk.toString('utf8');
            if (words.test(said)) resolve();
          });
        });
      await until(/Watching/);
      const before = readFileSync(path.join(out, 'yulao-rare.pdf'));
      const again = until(/Watching[\s\S]*Picture .*rare/);
      writeFileSync(file, JSON.stringify({ ...aNewTemplate, colours: { ...aNewTemplate.colours, accent: '#203060' } }));
      await again;
      expect(existsSync(path.join(out, 'yulao-rare.pdf'))).toBe(true);
      expect(readFileSync(path.join(out, 'yulao-rare.pdf')).equals(before)).toBe(false);
    } finally {
      watching.kill();
    }
  });
});

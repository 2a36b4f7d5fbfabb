// `npm run bench:documents [-- --count N --json FILE]`: rendering and sealing licences, one thread, each figure beside a peer's on
// the same pages in the same run. Peers that are not installed are named as such. Never a pass or fail by seconds.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openFonts } from '../../electron/station/documents/fonts/font-set.ts';
import { drawBackdrop } from '../../electron/station/documents/layout/backdrop.ts';
import { layOutFace } from '../../electron/station/documents/layout/lay-out-face.ts';
import { drawSeal } from '../../electron/station/documents/layout/seal-drawing.ts';
import type { PageModel } from '../../electron/station/documents/model.ts';
import { createRenderer } from '../../electron/station/documents/renderer.ts';
import { readTemplates } from '../../electron/station/documents/template-file.ts';
import { verifyDocument } from '../../electron/station/documents/verification/verify-document.ts';
import { assembleCms, signedAttributes } from '../../electron/station/signing/cms.ts';
import { embed } from '../../electron/station/signing/embed.ts';
import { prepare } from '../../electron/station/signing/prepare.ts';
import { aSigner, rawSignature, SIGNED_AT } from '../support/sealed-sample.ts';
import { aFace, FONTS, TYPE_IDS } from '../unit/documents/a-face.ts';

const { values: options } = parseArgs({ options: { count: { type: 'string', default: '2000' }, json: { type: 'string' } } });
const COUNT = Number(options.count);
const PEER_COUNT = 100;
const PEER_PROCESSES = 20;
const JARS = ['pdfbox2', 'fontbox2', 'commons-logging', 'bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`);
const POINTS = 72 / 25.4;

interface Row {
  readonly what: string;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly note: string;
}
const rows: Row[] = [];
const dir = mkdtempSync(path.join(os.tmpdir(), 'bench-documents-'));
const mib = (bytes: number) => Math.round(bytes / 1024 / 1024);

function record(what: string, ms: readonly number[], note = ''): void {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  rows.push({ what, p50: at(0.5), p99: at(0.99), perSecond: (1000 * ms.length) / ms.reduce((sum, value) => sum + value, 0), note });
}

const NAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳';
/** Another holder, place and number each time, as in a real batch. */
function faces(count: number) {
  const bases = TYPE_IDS.map((id) => ({ id, face: aFace(id) }));
  return Array.from({ length: count }, (_, i) => {
    const base = bases[i % bases.length] ?? bases[0];
    if (!base) throw new Error('no types');
    const name = [0, 7, 31].map((step) => NAMES[(i * (step + 3) + step) % NAMES.length]).join('');
    const holder = base.face.type.holder.name;
    const values: Record<string, string> = {
      ...base.face.values,
      [holder]: name,
      location: `湖北省襄阳市保康县马桥镇${name}村${i % 9}组${i % 97}号`,
    };
    return { ...base.face, values, licenceNumber: base.face.licenceNumber.replace(/0+1/, String(100_000 + i)) };
  });
}

const renderer = createRenderer(FONTS);
const signer = aSigner('RSA-SHA256');
const timed = <V>(into: number[], act: () => V): V => {
  const began = performance.now();
  const value = act();
  into.push(performance.now() - began);
  return value;
};

function ours(): void {
  const all = faces(COUNT);
  for (const face of faces(200)) renderer.render(face);
  const [render, cms, whole, verify]: [number[], number[], number[], number[]] = [[], [], [], []];
  const sizes = new Map<string, number[]>();
  let peak = 0;
  let cpuMs = 0;
  let sealed: Uint8Array = new Uint8Array();
  all.forEach((face, i) => {
    const began = performance.now();
    const beforeRender = process.cpuUsage();
    const document = timed(render, () => renderer.render(face));
    const used = process.cpuUsage(beforeRender);
    cpuMs += (used.user + used.system) / 1000;
    sealed = timed(cms, () => {
      const prepared = prepare(document.bytes, document.approvedHash, SIGNED_AT);
      const attributes = signedAttributes(prepared.digest, signer.certificate);
      const signature = rawSignature(signer, attributes.der);
      return embed(
        prepared,
        assembleCms({ attributes, signature, algorithm: signer.algorithm, certificate: signer.certificate, chain: [signer.root] }),
      );
    });
    whole.push(performance.now() - began);
    sizes.set(face.type.id, [...(sizes.get(face.type.id) ?? []), sealed.length]);
    if (i % 50 === 0) peak = Math.max(peak, process.memoryUsage().rss);
    if (i < 500) timed(verify, () => verifyDocument(sealed, { trustAnchors: [signer.root], at: SIGNED_AT }));
  });
  record('render', render, `${(cpuMs / COUNT).toFixed(2)} ms of processor time each`);
  record('digest, CMS, RSA-2048 software key, embed', cms);
  record('render and sign', whole, `most memory ${mib(peak)} MiB (RSS) over ${COUNT} files`);
  record('verify', verify);
  for (const [id, lengths] of sizes)
    console.log(`  ${id}: ${(lengths.reduce((sum, length) => sum + length, 0) / lengths.length / 1024).toFixed(1)} KiB sealed`);
}

function models(count: number): readonly PageModel[] {
  const fonts = openFonts(FONTS.fontsDir);
  const templates = readTemplates(FONTS.templatesDir);
  return faces(count).map((face) => {
    const template = templates.get(`${face.type.faceTemplate.id}/${face.type.faceTemplate.version}`);
    if (!template) throw new Error('no template');
    return layOutFace(fonts, template, drawBackdrop(fonts, template, false), drawSeal(fonts, face.seal.image), face).model;
  });
}

/** Text, rules and QR code of the same pages; no border, seal, tags, metadata or attachment, which favours the peer. */
async function pdfLib(): Promise<void> {
  // Loaded here, so that our own memory is measured without them.
  const [{ PDFDocument, rgb }, fontkit] = await Promise.all([import('@cantoo/pdf-lib'), import('fontkit')]);
  const fonts = renderer.fonts;
  const files = { regular: 'NotoSerifSC-Regular.ttf', bold: 'NotoSerifSC-Bold.ttf', fallback: 'HanaMinB.ttf' } as const;
  const bytes = Object.fromEntries(Object.entries(files).map(([id, file]) => [id, readFileSync(path.join(FONTS.fontsDir, file))]));
  // One parsed font for all documents: parsing 15 MB each time would take most of the time.
  const parsed = new Map(Object.entries(bytes).map(([id, file]) => [id, fontkit.create(file)]));
  const ms: number[] = [];
  let size = 0;
  for (const model of models(24)) {
    const began = performance.now();
    const document = await PDFDocument.create({ updateMetadata: false });
    const embedded = new Map<string, Awaited<ReturnType<typeof document.embedFont>>>();
    const fontOf = async (id: 'regular' | 'bold' | 'fallback') => {
      const known = embedded.get(id);
      if (known) return known;
      // The library takes any object of this shape; the parsed font is the same each time.
      document.registerFontkit({ create: () => parsed.get(id) } as unknown as Parameters<typeof document.registerFontkit>[0]);
      const made = await document.embedFont(bytes[id] ?? new Uint8Array(), { subset: true });
      embedded.set(id, made);
      return made;
    };
    const page = document.addPage([model.widthMm * POINTS, model.heightMm * POINTS]);
    const y = (mm: number) => (model.heightMm - mm) * POINTS;
    for (const mark of model.blocks.flatMap(({ marks }) => marks)) {
      if (mark.kind === 'text') {
        let x = mark.x;
        for (const run of mark.text.match(/[\u{20000}-\u{323af}]+|[^\u{20000}-\u{323af}]+/gu) ?? []) {
          const id = fonts.glyphFor(run, mark.weight)?.font ?? mark.weight;
          const font = await fontOf(id);
          page.drawText(run, { x: x * POINTS, y: y(mark.y), size: mark.sizeMm * POINTS, font, color: rgb(...mark.colour) });
          x += font.widthOfTextAtSize(run, mark.sizeMm);
        }
      } else if (mark.kind === 'qr') {
        const unit = (mark.sizeMm / mark.modules.length) * POINTS;
        mark.modules.forEach((row, r) => {
          row.forEach((dark, c) => {
            if (dark)
              page.drawRectangle({
                x: mark.x * POINTS + c * unit,
                y: y(mark.y) - (r + 1) * unit,
                width: unit,
                height: unit,
                color: rgb(0, 0, 0),
              });
          });
        });
      } else if (mark.kind === 'path') {
        const d = mark.commands.map(([kind, ...numbers]) => kind + numbers.map((value) => value * POINTS).join(' ')).join('');
        page.drawSvgPath(d, { x: 0, y: page.getHeight(), borderWidth: 0.5 });
      }
    }
    size = (await document.save({ useObjectStreams: false })).length;
    ms.push(performance.now() - began);
  }
  record(
    'peer: render by @cantoo/pdf-lib and fontkit, font object cached',
    ms.slice(4),
    `${Math.round(size / 1024)} KiB; no border, seal, tags, metadata`,
  );
}

function unsignedPages(): string {
  const folder = path.join(dir, 'pages');
  mkdirSync(folder);
  const info = { title: 'page', author: '', subject: '', producer: renderer.version, date: '2026-11-30' } as const;
  models(PEER_COUNT).forEach((model, i) => {
    writeFileSync(
      path.join(folder, `${i}.pdf`),
      renderer.writePage({ model: { ...model, seal: null }, info, day: info.date, signable: false }),
    );
  });
  return folder;
}

function pdfBox(folder: string): void {
  const what = 'peer: only sign, PDFBox and BouncyCastle, RSA-2048 software key, one JVM, warm';
  if (JARS.some((jar) => !existsSync(jar)) || spawnSync('java', ['-version']).error) {
    console.log(`${what}: not installed (libpdfbox2-java libbcpkix-java default-jdk-headless)`);
    return;
  }
  const [key, certificate] = [path.join(dir, 'key.der'), path.join(dir, 'certificate.der')];
  writeFileSync(key, signer.privateKey.export({ format: 'der', type: 'pkcs8' }));
  writeFileSync(certificate, signer.certificate);
  const source = path.join(import.meta.dirname, 'java/SignAll.java');
  const said = execFileSync('java', ['-cp', JARS.join(':'), source, key, certificate, folder, '2'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  record(what, said.trim().split('\n').map(Number), 'after two rounds of warming');
}

function pdfSig(folder: string): void {
  const what = 'peer: only sign, poppler pdfsig, NSS software key, a process a document';
  const store = path.join(dir, 'nss');
  const pem = path.join(dir, 'signer.pem');
  writeFileSync(
    pem,
    `${signer.privateKey.export({ format: 'pem', type: 'pkcs8' })}\n-----BEGIN CERTIFICATE-----\n${Buffer.from(signer.certificate).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  );
  mkdirSync(store);
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['openssl', ['pkcs12', '-export', '-in', pem, '-out', `${pem}.p12`, '-passout', 'pass:', '-name', 'bench']],
    ['certutil', ['-N', '-d', `sql:${store}`, '--empty-password']],
    ['pk12util', ['-i', `${pem}.p12`, '-d', `sql:${store}`, '-W', '', '-K', '']],
  ];
  const failed = steps.find(([command, args]) => spawnSync(command, args).status !== 0);
  if (failed) {
    console.log(`${what}: ${failed[0]} is not installed or failed`);
    return;
  }
  const ms: number[] = [];
  for (let i = 0; i < PEER_PROCESSES; i++) {
    const out = path.join(dir, `pdfsig-${i}.pdf`);
    const done = timed(ms, () =>
      spawnSync('pdfsig', ['-nssdir', `sql:${store}`, '-add-signature', '-nick', 'bench', path.join(folder, `${i}.pdf`), out], {
        encoding: 'utf8',
      }),
    );
    if (!existsSync(out)) {
      console.log(`${what}: ${done.stderr.trim().split('\n').at(-1)}`);
      return;
    }
  }
  record(what, ms);
}

console.log(
  `${os.cpus()[0]?.model}, ${os.cpus().length} cores, ${mib(os.totalmem())} MiB, load ${os.loadavg()[0]?.toFixed(1)}; Node ${process.version}; ${new Date().toISOString().slice(0, 10)}`,
);
console.log(`command: npm run bench:documents -- --count ${COUNT}; renderer ${renderer.version}; one thread`);
ours();
const folder = unsignedPages();
await pdfLib();
pdfBox(folder);
pdfSig(folder);
console.log('\n| what | p50 ms | p99 ms | a second | |\n|---|---|---|---|---|');
for (const { what, p50, p99, perSecond, note } of rows)
  console.log(
    `| ${what} | ${p50.toFixed(2)} | ${p99.toFixed(2)} | ${perSecond < 100 ? perSecond.toFixed(1) : Math.round(perSecond)} | ${note} |`,
  );
console.log(`\nfonts ${createHash('sha256').update(renderer.fontsHash).digest('hex').slice(0, 12)}`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
rmSync(dir, { recursive: true, force: true });

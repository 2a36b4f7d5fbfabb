// `npm run template -- FILE [--type FILE] [--data JSON] [--out DIR] [--watch] [--language zh|en]`: checks a face template and
// shows it: PDF and, where pdftoppm is there, PNG of the longest, the shortest and rare data. `--schema` writes the JSON
// Schema. Must not change any template. Exit 0: drawn; 1: something is wrong with template, type or data; 2: wrong use.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { LicenceType } from '../contract/catalogue.ts';
import { isStationError } from '../contract/station-error.ts';
import { openFonts } from '../station/documents/fonts/font-set.ts';
import { type Renderer, rendererOf } from '../station/documents/renderer.ts';
import { SAMPLE_KINDS, sampleFace } from '../station/documents/sample-faces.ts';
import type { FaceTemplate } from '../station/documents/template.ts';
import {
  parseTemplate,
  placeholderProblems,
  SCHEMA_FILE,
  type TemplateProblem,
  templateSchema,
} from '../station/documents/template-file.ts';
import { loadWords, type Words } from '../station/platform/words.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');
const resourcesDir = path.join(projectDir, 'resources');
const templatesDir = path.join(resourcesDir, 'templates');
const fontsDir = path.join(resourcesDir, 'fonts');
const PICTURE_DPI = 150;

const Values = z.record(z.string(), z.string());
type Values = z.infer<typeof Values>;

interface Job {
  readonly file: string;
  readonly typeFile: string | undefined;
  readonly dataFile: string | undefined;
  readonly outDir: string;
  readonly words: Words;
}

function main(argv: readonly string[]): number {
  const environmentLanguage = process.env.LC_ALL ?? process.env.LANG ?? '';
  const fallback = loadWords(resourcesDir, environmentLanguage.startsWith('en') ? 'en' : 'zh');
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    console.error(fallback('cli.template.usage', { problem: error instanceof Error ? error.message : '' }));
    return 2;
  }
  const { type, data, out, language, watch: watching, schema } = parsed.values;
  const words = language === 'zh' || language === 'en' ? loadWords(resourcesDir, language) : fallback;
  if (schema) {
    writeFileSync(path.join(templatesDir, SCHEMA_FILE), templateSchema());
    return 0;
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) {
    console.error(words('cli.template.usage', { problem: '' }));
    return 2;
  }
  const job: Job = { file: path.resolve(file), typeFile: type, dataFile: data, outDir: path.resolve(out ?? 'out/template'), words };
  // Why once: fonts take longest to read, and stay the same while a template is worked on.
  const fonts = openFonts(fontsDir);
  const isDrawn = show(job, fonts);
  if (!watching) return isDrawn ? 0 : 1;
  watchAndShow(job, fonts);
  return 0;
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      type: { type: 'string' },
      data: { type: 'string' },
      out: { type: 'string' },
      language: { type: 'string' },
      watch: { type: 'boolean' },
      schema: { type: 'boolean' },
    },
  });
}

/** Editors save by replacing the file, so its folder is watched; a save that changes nothing draws nothing. */
function watchAndShow(job: Job, fonts: Renderer['fonts']): void {
  const contentOf = () =>
    [job.file, job.typeFile, job.dataFile].map((file) => (file && existsSync(file) ? readFileSync(file, 'utf8') : '')).join('\0');
  let shown = contentOf();
  const again = () => {
    const content = contentOf();
    if (content === shown || content.startsWith('\0')) return;
    shown = content;
    show(job, fonts);
  };
  const folders = new Set([job.file, job.typeFile, job.dataFile].flatMap((file) => (file ? [path.dirname(path.resolve(file))] : [])));
  for (const folder of folders) watch(folder, again);
  console.log(job.words('cli.template.watching', { file: job.file }));
}

function show(job: Job, fonts: Renderer['fonts']): boolean {
  const { words } = job;
  const complain = (file: string, problems: readonly TemplateProblem[]): false => {
    for (const { path: place, problem } of problems) console.error(words('cli.template.problem', { file, place: place || '-', problem }));
    return false;
  };
  if (!existsSync(job.file)) return complain(job.file, [{ path: '', problem: words('cli.template.noFile') }]);
  const read = parseTemplate(readFileSync(job.file, 'utf8'));
  if (!read.ok) return complain(job.file, read.problems);
  const type = typeOf(job, read.template);
  if (!('items' in type)) return complain(job.typeFile ?? job.file, type);
  const unknown = placeholderProblems(read.template, type);
  if (unknown.length > 0) return complain(job.file, unknown);
  const data = dataOf(job, type);
  if (!data.ok) return complain(job.dataFile ?? '', data.problems);
  return draw(
    job,
    read.template,
    type,
    data.values,
    rendererOf(fonts, new Map([[`${read.template.id}/${read.template.version}`, read.template]])),
  );
}

/** The type given, or the one of the catalogue that uses the template. */
function typeOf(job: Job, template: FaceTemplate): LicenceType | readonly TemplateProblem[] {
  const typesDir = path.join(resourcesDir, 'catalogue/types');
  const files = job.typeFile ? [job.typeFile] : readdirSync(typesDir).map((name) => path.join(typesDir, name));
  for (const file of files) {
    if (!existsSync(file)) return [{ path: '', problem: job.words('cli.template.noFile') }];
    const parsed = LicenceType.safeParse(jsonOf(file));
    if (!parsed.success && job.typeFile)
      return parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), problem: issue.message }));
    if (parsed.success && parsed.data.faceTemplate.id === template.id && parsed.data.faceTemplate.version === template.version)
      return parsed.data;
  }
  return [
    {
      path: job.typeFile ? 'faceTemplate' : 'id',
      problem: job.words('cli.template.noType', { id: template.id, version: template.version }),
    },
  ];
}

function dataOf(
  job: Job,
  type: LicenceType,
): { readonly ok: true; readonly values: Values } | { readonly ok: false; readonly problems: readonly TemplateProblem[] } {
  if (job.dataFile === undefined) return { ok: true, values: {} };
  if (!existsSync(job.dataFile)) return { ok: false, problems: [{ path: '', problem: job.words('cli.template.noFile') }] };
  const parsed = Values.safeParse(jsonOf(job.dataFile));
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), problem: issue.message })),
    };
  const foreign = Object.keys(parsed.data).filter((key) => !type.items.some((item) => item.key === key));
  return foreign.length === 0
    ? { ok: true, values: parsed.data }
    : { ok: false, problems: foreign.map((key) => ({ path: key, problem: job.words('cli.template.noItem', { type: type.id }) })) };
}

/** A broken file is judged by its schema, which names what it expects: undefined is never that. */
function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function draw(job: Job, template: FaceTemplate, type: LicenceType, values: Values, renderer: Renderer): boolean {
  const { words } = job;
  mkdirSync(job.outDir, { recursive: true });
  let isWhole = true;
  for (const kind of job.dataFile ? (['given'] as const) : SAMPLE_KINDS) {
    const base = path.join(job.outDir, `${template.id}-${kind}`);
    try {
      const { bytes } = renderer.render(sampleFace(type, kind === 'given' ? 'shortest' : kind, values));
      writeFileSync(`${base}.pdf`, bytes);
      console.log(words('cli.template.drawn', { file: `${base}.pdf`, kib: (bytes.length / 1024).toFixed(1) }));
      const drawn = spawnSync('pdftoppm', ['-r', String(PICTURE_DPI), '-png', `${base}.pdf`, base]);
      console.log(words(drawn.status === 0 ? 'cli.template.picture' : 'cli.template.noPicture', { file: `${base}-1.png` }));
    } catch (error) {
      if (!isStationError(error)) throw error;
      isWhole = false;
      console.error(words('cli.template.refused', { kind, code: error.code, ...describe(error.details) }));
    }
  }
  return isWhole;
}

const describe = (details: Readonly<Record<string, string | number>>) => ({
  details: Object.entries(details)
    .map(([key, value]) => `${key}=${value}`)
    .join(' '),
});

process.exitCode = main(process.argv.slice(2));

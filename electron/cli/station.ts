// `npm run --silent station -- verify FILE... [--trust PEM] [--on DAY] [--json]`: the verifier on the command line, offline,
// without a workspace; --on checks as of the end of that day. Exit 0: all valid; 1: at least one is not; 2: wrong use.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Day } from '../contract/values.ts';
import type { RevisionView, VerificationView } from '../contract/verification.ts';
import { verifyDocument } from '../station/documents/verification/verify-document.ts';
import { instantOf, systemClock } from '../station/platform/clock.ts';
import { loadWords, type Words } from '../station/platform/words.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');
const LIMIT_BYTES = 64 * 1024 * 1024;

type Answer = { readonly file: string; readonly verification: VerificationView } | { readonly file: string; readonly problem: string };

/** Every certificate of a PEM file, DER. */
function anchorsOf(pem: string): Uint8Array[] {
  return [...pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)].map(([, base64 = '']) =>
    Buffer.from(base64, 'base64'),
  );
}

function read(file: string): Uint8Array | null {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= LIMIT_BYTES ? readFileSync(file) : null;
}

/** What a revision added, in the words of the window. */
function revisionLine(revision: RevisionView, words: Words): string {
  const added = revision.changes.map((change) => {
    if (change.kind !== 'annotatedCopy') return words(`verify.adds.${change.kind}`);
    const { purpose, maker, madeAt, until } = change;
    return words(until === '' ? 'verify.adds.copy' : 'verify.adds.copyUntil', { purpose, maker, madeAt, until });
  });
  return [...added, ...revision.refused.map((code) => words(`verify.${code}`))].join('; ') || '-';
}

function show({ file, verification: v }: Extract<Answer, { verification: unknown }>, words: Words): string {
  const signers = v.signatures.map((s) => {
    const details = {
      name: s.signer?.name ?? '?',
      algorithm: s.algorithm ?? '?',
      signedAt: s.signedAt ?? '?',
      provenAt: s.provenAt ?? '?',
    };
    const key = s.kind === 'timestamp' ? 'timestamp' : s.provenAt === null ? 'signer' : 'signerProven';
    return `  ${words(`cli.verify.${key}`, details)}`;
  });
  const which = (signature: number | null) => (signature === null || v.signatures.length < 2 ? '' : ` #${signature + 1}`);
  const reasons = v.findings.map((f) => `  - ${words(`verify.${f.code}`)} [${f.code}${which(f.signature)}]`);
  const revisions = v.revisions.length < 2 ? [] : v.revisions.map((revision, index) => `  ${index + 1}. ${revisionLine(revision, words)}`);
  return [words('cli.verify.file', { file, result: words(`cli.verify.${v.result}`) }), ...signers, ...revisions, ...reasons].join('\n');
}

function main(argv: readonly string[]): number {
  const environmentLanguage = process.env.LC_ALL ?? process.env.LANG ?? '';
  const fallback = loadWords(path.join(projectDir, 'resources'), environmentLanguage.startsWith('zh') ? 'zh' : 'en');
  const wrong = (key: string, value = ''): number => {
    console.error(fallback(`cli.wrong.${key}`, { value }));
    return 2;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch {
    return wrong('command');
  }
  const [command, ...files] = parsed.positionals;
  const { trust, json, language, on } = parsed.values;
  if (command !== 'verify' || files.length === 0) return wrong('command');
  if (language !== undefined && language !== 'zh' && language !== 'en') return wrong('language', language);
  const words = language === undefined ? fallback : loadWords(path.join(projectDir, 'resources'), language);
  const trustFile = trust === undefined ? null : read(trust);
  if (trust !== undefined && trustFile === null) {
    console.error(words('cli.verify.noFile', { file: trust }));
    return 2;
  }
  const trustAnchors = trustFile === null ? [] : anchorsOf(Buffer.from(trustFile).toString('latin1'));
  if (on !== undefined && !Day.safeParse(on).success) return wrong('command');
  // The end of that local day (UTC+8).
  const at = on === undefined ? instantOf(systemClock) : `${on}T15:59:59.000Z`;
  const answers = files.map((file): Answer => {
    const bytes = read(file);
    return bytes === null
      ? { file, problem: words('cli.verify.noFile', { file }) }
      : { file, verification: verifyDocument(bytes, { trustAnchors, at }) };
  });
  if (json === true) console.log(JSON.stringify(answers, null, 2));
  else for (const answer of answers) console.log('problem' in answer ? answer.problem : show(answer, words));
  return answers.every((answer) => 'verification' in answer && answer.verification.result === 'valid') ? 0 : 1;
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { trust: { type: 'string' }, json: { type: 'boolean' }, language: { type: 'string' }, on: { type: 'string' } },
  });
}

process.exitCode = main(process.argv.slice(2));

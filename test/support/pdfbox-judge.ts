// PDFBox with BouncyCastle (Debian's Java packages) as judge and as another signer: one Java process for all commands.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const JARS = ['pdfbox2', 'fontbox2', 'commons-logging', 'bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`);
const SOURCE = join(import.meta.dirname, '../interop/java/PdfBoxJudge.java');

/** One answer for each command, in order; a command is its words. */
export function pdfBox(commands: readonly (readonly string[])[]): readonly string[] {
  const input = commands.map((words) => words.join('\t')).join('\n');
  const done = spawnSync('java', ['-Xshare:auto', '-cp', JARS.join(':'), SOURCE], {
    input: `${input}\n`,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (done.status !== 0) throw new Error(`java: ${done.stderr}`);
  return done.stdout.trimEnd().split('\n');
}

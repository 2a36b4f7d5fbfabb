// The demonstration's command line. Must not do anything but read it.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Day } from '../contract/values.ts';

export interface DemoOptions {
  readonly inputDir: string;
  readonly outDir: string;
  readonly token: 'software' | 'softhsm';
  /** From the beginning of sealing; null: until everything is sealed and handed over. */
  readonly libraryDownForMs: number | null;
  readonly today: string;
  readonly language: 'zh' | 'en';
}

export const DEFAULT_TODAY = '2026-11-30';

/** The options, or the key of what is wrong with them (`cli.wrong.*` in the locales). */
export function readDemoOptions(
  argv: readonly string[],
  projectDir: string,
  environmentLanguage: string,
): DemoOptions | { readonly wrong: string; readonly value: string } {
  let values: Record<string, string | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        input: { type: 'string' },
        out: { type: 'string' },
        token: { type: 'string' },
        'library-down-for': { type: 'string' },
        today: { type: 'string' },
        language: { type: 'string' },
      },
    }));
  } catch (error) {
    // Node explains an ambiguous one in three lines; the first says which.
    return { wrong: 'option', value: error instanceof Error ? (error.message.split('\n')[0] ?? '') : '' };
  }
  const inputDir = path.resolve(values.input ?? path.join(projectDir, 'resources/samples/applications'));
  if (!existsSync(inputDir) || !statSync(inputDir).isDirectory()) return { wrong: 'input', value: inputDir };
  const token = z.enum(['software', 'softhsm']).safeParse(values.token ?? 'software');
  if (!token.success) return { wrong: 'token', value: values.token ?? '' };
  const downFor = values['library-down-for'];
  const seconds = z.coerce
    .number()
    .min(0)
    .max(86_400)
    .safeParse(downFor ?? 0);
  if (!seconds.success) return { wrong: 'seconds', value: values['library-down-for'] ?? '' };
  const today = Day.safeParse(values.today ?? DEFAULT_TODAY);
  if (!today.success) return { wrong: 'today', value: values.today ?? '' };
  const language = z.enum(['zh', 'en']).safeParse(values.language ?? (environmentLanguage.startsWith('zh') ? 'zh' : 'en'));
  if (!language.success) return { wrong: 'language', value: values.language ?? '' };
  return {
    inputDir,
    outDir: path.resolve(values.out ?? 'out/demo'),
    token: token.data,
    libraryDownForMs: downFor === undefined ? null : seconds.data * 1_000,
    today: today.data,
    language: language.data,
  };
}

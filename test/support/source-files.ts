// Reads the project's own sources for the rules that no compiler checks: who imports whom, and which globals are used.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Without comments and without the insides of quoted strings. */
  readonly code: string;
  /** What it imports: paths from the root for our own files, the specifier as written for packages. */
  readonly imports: readonly string[];
}

export function readSources(folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs)$/.test(entry.name))
      .map((entry) => readSource(path.join(entry.parentPath, entry.name))),
  );
}

function readSource(file: string): SourceFile {
  const text = readFileSync(file, 'utf8');
  const own = path.relative(root, file).split(path.sep).join('/');
  return { path: own, text, code: blank(text, true), imports: importsOf(blank(text, false), own) };
}

/** A comment or a quoted string, whichever begins first; template texts stay, as code can stand inside them. */
const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g;

function blank(text: string, stringsToo: boolean): string {
  return text.replace(token, (found) => (found.startsWith('/') ? '' : stringsToo ? "''" : found));
}

function importsOf(code: string, from: string): readonly string[] {
  const found = code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [
    ...new Set(
      [...found].map(([, specifier = '']) =>
        specifier.startsWith('.') ? path.posix.join(path.posix.dirname(from), specifier) : specifier,
      ),
    ),
  ];
}

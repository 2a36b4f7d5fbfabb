// Reads face templates and says where one is broken: path and problem. Also the JSON Schema editors check them by.
// Must not draw anything; what only a type and its values can show is found by rendering samples.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { LicenceType } from '../../contract/catalogue.ts';
import { StationError } from '../../contract/station-error.ts';
import { FaceTemplate, type TableOfTemplate } from './template.ts';

/** Stands beside the templates; generated from the zod schema (`npm run template -- --schema`). */
export const SCHEMA_FILE = 'template.schema.json';

export const templateSchema = (): string => `${JSON.stringify(z.toJSONSchema(FaceTemplate, { io: 'input' }), null, 2)}\n`;

export interface TemplateProblem {
  /** `elements[3].rows[1].cells[0].width`; '' for the file as a whole. */
  readonly path: string;
  readonly problem: string;
}

export type ReadTemplate =
  | { readonly ok: true; readonly template: FaceTemplate }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] };

export function parseTemplate(json: string): ReadTemplate {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { ok: false, problems: [{ path: '', problem: `not JSON: ${error instanceof Error ? error.message : ''}` }] };
  }
  const parsed = FaceTemplate.safeParse(value);
  if (!parsed.success) {
    return { ok: false, problems: parsed.error.issues.map((issue) => ({ path: pathOf(issue.path), problem: issue.message })) };
  }
  const problems = problemsOf(parsed.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, template: parsed.data };
}

const pathOf = (parts: readonly PropertyKey[]): string =>
  parts.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`)).join('');

/** What the shape cannot say: one place for the seal, everything on the paper, rows as wide as their table. */
function problemsOf({ page, elements }: FaceTemplate): readonly TemplateProblem[] {
  const found: TemplateProblem[] = [];
  const issues = elements.filter(({ kind }) => kind === 'issue').length;
  if (issues !== 1) found.push({ path: 'elements', problem: `needs exactly one element of kind issue (the seal's place), has ${issues}` });
  elements.forEach((element, index) => {
    const at = `elements[${index}]`;
    const width = 'width' in element ? element.width : element.size;
    const height =
      element.kind === 'table'
        ? element.rows.reduce((sum, row) => sum + row.height, 0)
        : 'height' in element
          ? element.height
          : 'size' in element
            ? element.size
            : element.sizeMm;
    if (element.x + width > page.width)
      found.push({ path: at, problem: `ends ${element.x + width} mm from the left, the page is ${page.width} mm wide` });
    if (element.y + height > page.height)
      found.push({ path: at, problem: `ends ${element.y + height} mm from the top, the page is ${page.height} mm high` });
    if (element.kind === 'table') found.push(...tableProblems(element, at));
  });
  return found;
}

function tableProblems(table: TableOfTemplate, at: string): readonly TemplateProblem[] {
  return table.rows.flatMap((row, index) => {
    const wide = row.indent + row.cells.reduce((sum, cell) => sum + cell.width, 0);
    const path = `${at}.rows[${index}]`;
    const spans = row.cells.flatMap((cell, c) =>
      index + cell.rows > table.rows.length ? [{ path: `${path}.cells[${c}].rows`, problem: 'spans more rows than follow' }] : [],
    );
    return Math.abs(wide - table.width) < 0.001
      ? spans
      : [...spans, { path, problem: `indent and cells are ${wide} mm wide together, the table is ${table.width} mm` }];
  });
}

/** Placeholders that are neither an item of the type nor a known word. */
export function placeholderProblems(template: FaceTemplate, type: LicenceType): readonly TemplateProblem[] {
  const known = new Set([...type.items.map((item) => item.key), ...WORDS]);
  return placesOf(template).flatMap(({ path, text }) =>
    [...text.matchAll(/\{([^{}]*)\}/g)].flatMap(([whole, inside = '']) => {
      const [key = '', form] = inside.split(':');
      if (!known.has(key)) return [{ path, problem: `${whole}: licence type ${type.id} has no such item` }];
      return form === undefined || form === 'unit' ? [] : [{ path, problem: `${whole}: only :unit may follow a key` }];
    }),
  );
}

const WORDS = ['licenceNumber', 'identifier', 'issuer', 'issuerCode', 'conclusionDay', 'typeName', 'basis'] as const;

/** Keys of the items of the type that a face shows, in its order. */
export function shownItems(template: FaceTemplate, type: LicenceType): readonly string[] {
  const keys = placesOf(template).flatMap(({ text }) => [...text.matchAll(/\{([A-Za-z]+)/g)].map(([, key = '']) => key));
  return [...new Set(keys)].filter((key) => type.items.some((item) => item.key === key));
}

function placesOf(template: FaceTemplate): readonly { readonly path: string; readonly text: string }[] {
  return template.elements.flatMap((element, i) => {
    if (element.kind === 'text') return [{ path: `elements[${i}].text`, text: element.text }];
    if (element.kind !== 'table') return [];
    return element.rows.flatMap((row, r) =>
      row.cells.map((cell, c) => ({ path: `elements[${i}].rows[${r}].cells[${c}].text`, text: cell.text })),
    );
  });
}

/** By `id/version`. Throws CATALOGUE_INVALID with the file and its first problem. */
export function readTemplates(templatesDir: string): ReadonlyMap<string, FaceTemplate> {
  const found = new Map<string, FaceTemplate>();
  const files = readdirSync(templatesDir).filter((name) => name.endsWith('.json') && name !== SCHEMA_FILE);
  for (const file of files.sort()) {
    const read = parseTemplate(readFileSync(path.join(templatesDir, file), 'utf8'));
    if (!read.ok) {
      const [first] = read.problems;
      throw new StationError('CATALOGUE_INVALID', { file, problem: [first?.path, first?.problem].filter(Boolean).join(': ') });
    }
    found.set(`${read.template.id}/${read.template.version}`, read.template);
  }
  return found;
}

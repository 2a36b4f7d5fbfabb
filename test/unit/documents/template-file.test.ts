import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../../electron/station/documents/renderer.ts';
import { SAMPLE_KINDS, sampleFace } from '../../../electron/station/documents/sample-faces.ts';
import { parseTemplate, placeholderProblems, SCHEMA_FILE, templateSchema } from '../../../electron/station/documents/template-file.ts';
import { aFace, FONTS, TYPE_IDS } from './a-face.ts';
import { aNewTemplate, aNewType } from './a-new-type.ts';

const problemsOf = (template: unknown) => {
  const read = parseTemplate(JSON.stringify(template));
  return read.ok ? [] : read.problems;
};
const fileOf = (id: string) => readFileSync(path.join(FONTS.templatesDir, `${id}.json`), 'utf8');

describe('documents.templateFile', () => {
  it('has a JSON schema that says what the program checks', () => {
    const written = readFileSync(path.join(FONTS.templatesDir, SCHEMA_FILE), 'utf8');
    expect(written, 'write it anew: npm run template -- --schema').toBe(templateSchema());
    for (const id of TYPE_IDS) expect(JSON.parse(fileOf(id)).$schema).toBe(`./${SCHEMA_FILE}`);
  });

  it.each(TYPE_IDS)('finds nothing wrong with %s', (id) => {
    const read = parseTemplate(fileOf(id));
    expect(read.ok ? placeholderProblems(read.template, aFace(id).type) : read.problems).toEqual([]);
  });

  it('says where a template is wrong, and what', () => {
    const [title, number, table, ...rest] = aNewTemplate.elements;
    const narrow = { ...table, rows: [{ ...table.rows[0], indent: 3 }, ...table.rows.slice(1)] };
    const { x: _, ...withoutX } = title;
    expect(problemsOf({ ...aNewTemplate, elements: [title, number, narrow, ...rest] })).toEqual([
      { path: 'elements[2].rows[0]', problem: 'indent and cells are 163 mm wide together, the table is 160 mm' },
    ]);
    expect(problemsOf({ ...aNewTemplate, elements: [withoutX, ...aNewTemplate.elements.slice(1)] })[0]?.path).toBe('elements[0].x');
    expect(problemsOf({ ...aNewTemplate, elements: [{ ...title, width: 300 }, ...aNewTemplate.elements.slice(1)] })).toEqual([
      { path: 'elements[0]', problem: 'ends 325 mm from the left, the page is 210 mm wide' },
    ]);
    expect(problemsOf({ ...aNewTemplate, elements: [title] })[0]).toMatchObject({
      path: 'elements',
      problem: expect.stringContaining('seal'),
    });
    expect(problemsOf({ ...aNewTemplate, colours: { accent: 'blue' } }).map(({ path: place }) => place)).toContain('colours.accent');
    expect(parseTemplate('{')).toMatchObject({ ok: false, problems: [{ path: '', problem: expect.stringContaining('not JSON') }] });
    const read = parseTemplate(JSON.stringify(aNewTemplate).replace('{waters}', '{water}').replace('{fisherName}', '{fisherName:big}'));
    expect(read.ok && placeholderProblems(read.template, aNewType())).toEqual([
      { path: 'elements[2].rows[0].cells[1].text', problem: '{fisherName:big}: only :unit may follow a key' },
      { path: 'elements[2].rows[1].cells[1].text', problem: '{water}: licence type yulao has no such item' },
    ]);
  });

  it.each(TYPE_IDS)('draws %s with the longest, the shortest and rare data', (id) => {
    const renderer = createRenderer(FONTS);
    for (const kind of SAMPLE_KINDS) expect(renderer.render(sampleFace(aFace(id).type, kind)).bytes.length).toBeGreaterThan(30_000);
  });

  it('draws a licence type that exists in files only', () => {
    const templatesDir = mkdtempSync(path.join(tmpdir(), 'templates-'));
    writeFileSync(path.join(templatesDir, 'yulao.json'), JSON.stringify(aNewTemplate));
    expect(readdirSync(templatesDir)).toEqual(['yulao.json']);
    const renderer = createRenderer({ ...FONTS, templatesDir });
    const document = renderer.render(sampleFace(aNewType(), 'rare', { waters: '神农溪' }));
    expect(document).toMatchObject({ templateVersion: '1', approvedHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FaceTemplate } from '../../../electron/station/documents/template.ts';
import { aFace, RESOURCES, TYPE_IDS, type TypeId } from './a-face.ts';

/** Items the real form does not show; they are in the attached data only. */
const NOT_ON_FACE: Readonly<Record<TypeId, readonly string[]>> = {
  zhaijidi: ['householderCode'],
  guihua: ['builderCode'],
  caifa: ['fellerCode'],
  xiaozuofang: ['ownerCode'],
};

const read = (id: string) => FaceTemplate.parse(JSON.parse(readFileSync(path.join(RESOURCES, 'templates', `${id}.json`), 'utf8')));

describe('documents.templates', () => {
  it.each(TYPE_IDS)('shows every item of %s that the form shows, once, and the number, identifier and seal', (id) => {
    const template = read(id);
    const { type } = aFace(id);
    expect(type.faceTemplate).toEqual({ id: template.id, version: template.version });
    const shown = [...JSON.stringify(template.elements).matchAll(/\{([A-Za-z]+)(?::unit)?\}/g)].map((match) => match[1] ?? '');
    const items = type.items.map((item) => item.key).filter((key) => !NOT_ON_FACE[id].includes(key));
    expect(shown.filter((key) => items.includes(key)).sort()).toEqual([...items].sort());
    expect(shown).toContain('licenceNumber');
    expect(shown).toContain('identifier');
    expect(template.elements.filter((element) => element.kind === 'issue')).toHaveLength(1);
  });

  it.each(TYPE_IDS)('keeps everything of %s on the paper and tables as wide as their rows', (id) => {
    const { page, elements } = read(id);
    for (const element of elements) {
      if (element.kind !== 'table') continue;
      expect(element.x + element.width).toBeLessThanOrEqual(page.width - 15);
      for (const row of element.rows)
        expect(row.indent + row.cells.reduce((sum, cell) => sum + cell.width, 0)).toBeCloseTo(element.width, 6);
    }
  });

  it('refuses unknown words in a template', () => {
    const template = JSON.parse(readFileSync(path.join(RESOURCES, 'templates/guihua.json'), 'utf8'));
    expect(FaceTemplate.safeParse({ ...template, colour: 'red' }).success).toBe(false);
    expect(FaceTemplate.safeParse({ ...template, elements: [] }).success).toBe(false);
  });
});

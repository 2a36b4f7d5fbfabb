// A fifth licence type no code knows: what an office writes to add one, catalogue entry and face template.
import { LicenceType } from '../../../electron/contract/catalogue.ts';
import { aFace } from './a-face.ts';

const item = (key: string, name: string, shortName: string, maxLength: number) => ({
  key,
  name,
  nameEn: key,
  shortName,
  kind: 'text' as const,
  maxLength,
  required: true,
  sharing: 'conditional' as const,
});

export function aNewType(): LicenceType {
  const { type } = aFace('guihua');
  return LicenceType.parse({
    ...type,
    id: 'yulao',
    code: '11100000MB0QL00252009',
    name: '渔业捞捕临时许可证',
    nameEn: 'Temporary fishing permit',
    basis: '《中华人民共和国渔业法》',
    holder: { name: 'fisherName', code: 'fisherCode' },
    items: [
      item('fisherName', '捕捞人', 'CZZT', 40),
      { ...item('fisherCode', '证件号码', 'CZZTDM', 18), kind: 'holderCode' },
      item('waters', '作业水域', 'KZ_ZYSY', 60),
      item('conditions', '限制条件', 'KZ_XZTJ', 512),
    ],
    coding: { source: 'station', format: '渔临字第{region}{year}{serial:5}号', aliases: [] },
    faceTemplate: { id: 'yulao', version: '1' },
  });
}

const row = (label: string, text: string, more: object = {}) => ({
  height: 14,
  cells: [
    { width: 40, role: 'label', text: label, align: 'centre' },
    { width: 120, role: 'value', text, ...more },
  ],
});

/** As it stands in the office's file; `conditions` may go to an annex page. */
export const aNewTemplate = {
  $schema: './template.schema.json',
  id: 'yulao',
  version: '1',
  page: { width: 210, height: 297 },
  colours: { accent: '#1a3f6b', tint: '#dde7f2', paper: '#ffffff' },
  border: 'double',
  elements: [
    { kind: 'text', role: 'title', x: 25, y: 35, width: 160, height: 12, text: '{typeName}', sizeMm: 9, weight: 'bold', align: 'centre' },
    { kind: 'text', x: 25, y: 52, width: 160, height: 6, text: '{licenceNumber}', sizeMm: 4.2, align: 'centre' },
    {
      kind: 'table',
      x: 25,
      y: 65,
      width: 160,
      style: 'grid',
      sizeMm: 4.4,
      leastSizeMm: 3,
      rows: [row('捕捞人', '{fisherName}'), row('作业水域', '{waters}'), row('限制条件', '{conditions}', { overflow: 'annex' })],
    },
    { kind: 'attachments', x: 25, y: 112, width: 160, height: 9, sizeMm: 3, leastSizeMm: 2.6 },
    { kind: 'issue', x: 100, y: 180, width: 85, height: 45, label: '发证机关', labelWidth: 25, sizeMm: 4.6, leastSizeMm: 3.2 },
    { kind: 'qr', x: 30, y: 185, size: 27 },
    { kind: 'text', x: 25, y: 270, width: 160, height: 4, text: '证照标识　{identifier}', sizeMm: 2.9, leastSizeMm: 2.4, align: 'centre' },
  ],
} as const;

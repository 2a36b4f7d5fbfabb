// Faces of made-up data for looking at a template: the longest values its type allows, the shortest, and rare characters.
// Must not be used for anything issued: nothing here is true.
import type { DataItem, LicenceType } from '../../contract/catalogue.ts';
import type { FaceInput } from './face.ts';

export const SAMPLE_KINDS = ['longest', 'shortest', 'rare'] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

/** Extensions A, B, C, E, F, a middle dot, brackets of both widths. */
const RARE = '买买提·㛃䶮𠮷𪚥𫠠𬭎𭘾（甲）(乙)';
const LONG = '湖北省襄阳市保康县马桥镇九路寨村民委员会第二组';

/** `given`: values that replace the made-up ones, by item key. */
export function sampleFace(type: LicenceType, kind: SampleKind, given: Readonly<Record<string, string>> = {}): FaceInput {
  const issuer = kind === 'longest' ? '保康县住房和城乡建设与市场监督管理局' : '保康县林业局';
  const values = Object.fromEntries(type.items.map((item) => [item.key, given[item.key] ?? sampleValue(item, kind)]));
  return {
    type,
    values,
    licenceNumber: type.coding.format
      .replace('{region}', '420626')
      .replace('{year}', '2026')
      .replace(/\{serial:(\d+)\}/, (_, digits: string) => '1'.padStart(Number(digits), '0')),
    identifier: `1.2.156.3005.2.${type.code}.114206260114501234.MQ012026000001.001.X`,
    issuer: { name: issuer, code: '114206260114501234' },
    conclusionDay: '2026-11-30',
    seal: { name: issuer, image: { format: 'round', diameterMm: 45, ringText: issuer, centre: 'star', lowerText: '' } },
    training: true,
  };
}

function sampleValue(item: DataItem, kind: SampleKind): string {
  if (kind === 'shortest' && !item.required) return '';
  switch (item.kind) {
    case 'text':
      return kind === 'longest'
        ? LONG.repeat(Math.ceil(item.maxLength / LONG.length)).slice(0, item.maxLength)
        : kind === 'rare'
          ? [...RARE].slice(0, item.maxLength).join('')
          : '无';
    case 'choice':
      return [...(item.choices ?? [])].sort((a, b) => (kind === 'longest' ? b.length - a.length : a.length - b.length))[0] ?? '无';
    case 'date':
      return kind === 'longest' ? '2028-12-31' : '2026-11-30';
    case 'holderCode':
    case 'citizenId':
      return '42062619540520216X';
    case 'creditCode':
      return '92420626MAYXP0TN85';
    case 'integer':
    case 'decimal':
      return numberOf(item, kind);
  }
}

function numberOf(item: DataItem, kind: SampleKind): string {
  const most = Math.min(item.max ?? Number.POSITIVE_INFINITY, 10 ** Math.min(item.maxLength - (item.decimals ?? 0) - 1, 12) - 1);
  const value = kind === 'longest' ? most : Math.max(item.min ?? 0, 1);
  return item.kind === 'decimal' ? value.toFixed(item.decimals ?? 2) : String(Math.round(value));
}

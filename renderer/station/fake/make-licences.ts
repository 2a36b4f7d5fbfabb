// Made-up licences in every state, the same every time: names short, long and rare, as real registers have them.
import type { LicenceType } from '../../../electron/contract/catalogue.ts';
import type { LicenceDetail, LicenceRow } from '../../../electron/contract/licence.ts';
import { BatchId, IssuerId, LicenceId, OutboxId, SealId } from '../../../electron/contract/values.ts';

export const TODAY = '2026-11-30';
export const NOW = '2026-11-30T07:12:00.000Z';

const names = [
  '张伟',
  '王秀英',
  '李建国',
  '欧阳明月',
  '陈晓',
  '刘桂兰',
  '阿卜杜热合曼·买买提江',
  '保康县马桥镇尧治河村股份经济合作社',
  '襄阳市楚天高山云雾有机茶叶种植与农产品加工销售专业合作联社（普通合伙）',
  '𠮷田玉',
  '赵㛃',
  '黄丽',
  '周敏',
  '徐勇',
  '朱德发',
];

export const uuid = (kind: number, index: number): string =>
  `0193${kind.toString(16).padStart(4, '0')}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
export const hash = (seed: number): string => Array.from({ length: 64 }, (_, at) => ((seed * 31 + at * 17) % 16).toString(16)).join('');
export const licenceId = (index: number): LicenceId => LicenceId.parse(uuid(1, index));
export const batchId = (index: number): BatchId => BatchId.parse(uuid(2, index));
export const outboxId = (index: number): OutboxId => OutboxId.parse(uuid(3, index));

export const sealOf: Readonly<Record<string, string>> = {
  zhaijidi: 'seal-maqiao',
  guihua: 'seal-guihua',
  caifa: 'seal-linye',
  xiaozuofang: 'seal-shijian',
};

type Shape = Pick<LicenceRow, 'state' | 'returned' | 'legalStatus' | 'delivery' | 'handedOver'>;
const shapes: readonly Shape[] = [
  { state: 'draft', returned: false, legalStatus: null, delivery: null, handedOver: false },
  { state: 'submitted', returned: false, legalStatus: null, delivery: null, handedOver: false },
  { state: 'submitted', returned: false, legalStatus: null, delivery: null, handedOver: false },
  { state: 'approved', returned: false, legalStatus: null, delivery: null, handedOver: false },
  { state: 'issued', returned: false, legalStatus: 'valid', delivery: 'queued', handedOver: false },
  { state: 'issued', returned: false, legalStatus: 'valid', delivery: 'acknowledged', handedOver: true },
  { state: 'issued', returned: false, legalStatus: 'valid', delivery: 'acknowledged', handedOver: false },
  { state: 'draft', returned: true, legalStatus: null, delivery: null, handedOver: false },
  { state: 'issued', returned: false, legalStatus: 'valid', delivery: 'refused', handedOver: false },
  { state: 'issued', returned: false, legalStatus: 'cancelled', delivery: 'acknowledged', handedOver: true },
  { state: 'voided', returned: false, legalStatus: null, delivery: 'queued', handedOver: false },
  { state: 'issued', returned: false, legalStatus: 'valid', delivery: 'quarantined', handedOver: false },
];

export function makeRows(types: readonly LicenceType[], count: number): LicenceRow[] {
  return Array.from({ length: count }, (_, index) => {
    const type = types[index % types.length];
    const shape = shapes[(index * 7) % shapes.length];
    if (type === undefined || shape === undefined) throw new Error('no types');
    const isLate = index % 5 === 3;
    const hasNumber = shape.state !== 'draft' || shape.returned;
    const serial = String(index + 1).padStart(5, '0');
    return {
      id: licenceId(index),
      typeId: type.id,
      issuerId: IssuerId.parse(`issuer-${type.id}`),
      ...shape,
      number: hasNumber
        ? `演练${type.coding.format
            .replace('{region}', '420626')
            .replace('{year}', '2026')
            .replace(/\{serial:\d\}/, serial)}`
        : null,
      version: index % 37 === 36 ? 2 : 1,
      matterNumber: `NZ20261100${serial}`,
      holderName: names[index % names.length] ?? '张伟',
      holderCode: '420***********1234',
      conclusionDay: isLate ? '2026-11-26' : TODAY,
      sealedAt: shape.state === 'issued' ? '2026-11-30T06:21:00.000Z' : null,
      late: isLate && shape.state !== 'draft' ? { code: 'late-register', note: '' } : null,
      approvedHash: hash(1),
      revision: 1,
    };
  });
}

export function valuesOf(type: LicenceType, row: LicenceRow): Record<string, string> {
  const sample: Readonly<Record<string, string>> = {
    date: '2031-11-29',
    decimal: '128.50',
    integer: '320',
    citizenId: '42062619780412331X',
    creditCode: '91420626MA49XXXX0K',
    holderCode: '42062619780412331X',
  };
  const values: Record<string, string> = {};
  for (const item of type.items)
    values[item.key] =
      item.key === type.holder.name
        ? row.holderName
        : (sample[item.kind] ??
          (item.maxLength > 100 ? '湖北省襄阳市保康县马桥镇中坪村三组（原尧治河小学东侧）' : (item.choices?.[0] ?? '马桥镇中坪村')));
  return values;
}

export function detailOf(type: LicenceType, row: LicenceRow, actions: LicenceDetail['actions']): LicenceDetail {
  const values = valuesOf(type, row);
  const isIssued = row.state === 'issued';
  const at = NOW;
  return {
    row,
    holderCode: '42062619780412331X',
    identifier: row.number === null ? null : `1.2.156.3005.2.${type.code}.MQ01202600${row.matterNumber.slice(-5)}.001.K`,
    typeVersion: type.version,
    templateVersion: '2026.1',
    rendererVersion: '1',
    values,
    attachments: [],
    changes: [
      { field: type.holder.code, from: '４２０６２６１９７８０４１２３３１ｘ', to: '42062619780412331X', kinds: ['width', 'case'] },
      { field: 'conclusionDay', from: '2026年11月30日', to: row.conclusionDay, kinds: ['date'] },
    ],
    source: null,
    enteredBy: '王芳',
    approvedBy: isIssued || row.state === 'approved' ? '李建国' : null,
    approvedHash: row.state === 'draft' ? null : hash(1),
    documentHash: isIssued ? hash(2) : null,
    batchId: null,
    sealId: SealId.parse(sealOf[type.id] ?? 'seal-maqiao'),
    sealName: '马桥镇人民政府行政审批专用章',
    certificateHash: isIssued ? hash(3) : null,
    replaces: null,
    replacedBy: null,
    returnReason: row.returned ? '数据与申请材料不一致：四至填反' : null,
    voidReason: row.state === 'voided' ? '申请人撤回' : null,
    cancelReason: row.legalStatus === 'cancelled' ? '持证人姓名有误' : null,
    timeConfirmed: true,
    handOver: row.handedOver
      ? {
          collector: 'proxy',
          collectorName: '张小伟',
          identified: 'proxyLetterAndIdCard',
          paperSerial: '鄂NZ0012345',
          given: ['paper', 'fileOnStick'],
          note: '',
          by: '王芳',
          at,
        }
      : null,
    legalLife: [
      { at: '2026-11-30T01:02:00.000Z', person: '王芳', what: 'imported', note: '' },
      { at: '2026-11-30T01:03:00.000Z', person: '王芳', what: 'submitted', note: '' },
      ...(isIssued
        ? [
            { at: '2026-11-30T02:40:00.000Z', person: '李建国', what: 'approved', note: '' },
            { at: '2026-11-30T06:20:00.000Z', person: '赵敏', what: 'sealingFailed', note: 'TOKEN_REMOVED' },
            { at: '2026-11-30T06:21:00.000Z', person: '赵敏', what: 'sealed', note: '' },
          ]
        : []),
    ],
    deliveryLife: isIssued ? [{ at: '2026-11-30T06:21:00.000Z', person: null, what: 'queued', note: 'licence.issued' }] : [],
    outbox:
      isIssued && row.delivery !== null
        ? [
            {
              id: outboxId(Number(row.matterNumber.slice(-5)) - 1),
              kind: 'licence.issued',
              state: row.delivery,
              attempts: 2,
              receiptId: row.delivery === 'acknowledged' ? 'R-20261130-000123' : null,
              receivedAt: row.delivery === 'acknowledged' ? NOW : null,
              problem: row.delivery === 'refused' ? 'SYNC_REFUSED' : null,
            },
          ]
        : [],
    actions,
  };
}

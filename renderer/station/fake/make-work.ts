// Made-up keys, seals, delivery, today and system for development screens.
import type { LicenceRow } from '../../../electron/contract/licence.ts';
import { IssuerId, SealId } from '../../../electron/contract/values.ts';
import type { AboutView, DeliveryView, KeysView, OutboxRow, SealView, TodayView } from '../../../electron/contract/work.ts';
import { hash, NOW, outboxId, sealOf, TODAY } from './make-licences.ts';

const seals = [
  { typeId: 'zhaijidi', issuer: '马桥镇人民政府', lower: '' },
  { typeId: 'guihua', issuer: '保康县自然资源和规划局', lower: '行政审批专用章' },
  { typeId: 'caifa', issuer: '保康县林业局', lower: '行政审批专用章' },
  { typeId: 'xiaozuofang', issuer: '保康县市场监督管理局', lower: '行政审批专用章（4）' },
] as const;
const uses: readonly SealView['use'][] = ['ready', 'renewSoon', 'noKey', 'expired'];

export const keys = (): KeysView => ({
  seals: seals.map(({ typeId, issuer, lower }, index) => ({
    id: SealId.parse(sealOf[typeId]),
    issuerId: IssuerId.parse(`issuer-${typeId}`),
    issuerName: issuer,
    name: `${issuer}${lower}`,
    kind: lower === '' ? 'statutory' : 'special',
    code: `4206260000${1234 + index}`,
    image: { format: 'round', diameterMm: 42, ringText: issuer, centre: 'star', lowerText: lower },
    custodian: '赵敏',
    validFrom: '2026-01-01',
    validTo: '2028-12-31',
    typeIds: [typeId],
    certificates: [
      {
        hash: hash(index),
        subject: `CN=${issuer}`,
        issuer: '训练根证书',
        serialNumber: `00A1B2C3D4E5F6071${index}`,
        notBefore: '2026-01-01T00:00:00.000Z',
        notAfter: '2027-02-01T00:00:00.000Z',
        algorithm: 'RSA-SHA256',
      },
    ],
    use: uses[index] ?? 'ready',
    key:
      index < 2
        ? {
            serial: `SW-000${index}`,
            label: `训练钥匙 ${index + 1}`,
            driver: 'software',
            software: true,
            pin: index === 0 ? 'ok' : 'finalTry',
            pinPad: false,
            certificateHash: hash(index),
          }
        : null,
    usedTotal: 1234,
    lastUsedAt: NOW,
  })),
  otherKeys: [{ serial: 'ABCDEF0123', label: '财务报税钥匙', driver: 'SoftHSM 2', software: false }],
  problems: [],
});

const lastDays = Array.from({ length: 14 }, (_, index) => `2026-11-${String(17 + index).padStart(2, '0')}`);

export function delivery(rows: readonly LicenceRow[]): DeliveryView {
  const count = (state: string) => rows.filter((row) => row.delivery === state).length;
  return {
    line: 'offline',
    since: '2026-11-28T09:12:00.000Z',
    lastDeliveredAt: '2026-11-28T08:55:00.000Z',
    nextAttemptAt: '2026-11-30T07:20:00.000Z',
    paused: false,
    library: { name: '襄阳市电子证照库（训练）', url: 'http://127.0.0.1:8460' },
    counts: {
      queued: count('queued'),
      sending: count('sending'),
      acknowledged: count('acknowledged'),
      refused: count('refused'),
      quarantined: count('quarantined'),
      closed: 0,
    },
    oldestUndeliveredAt: rows.length === 0 ? null : '2026-11-28T09:20:00.000Z',
    undeliveredBytes: rows.length * 61_000,
    days: lastDays.map((day, index) => ({
      day,
      enqueued: rows.length === 0 ? 0 : (index * 13) % 40,
      acknowledged: rows.length === 0 || index > 11 ? 0 : (index * 13) % 40,
    })),
  };
}

export const outboxRows = (rows: readonly LicenceRow[]): OutboxRow[] =>
  rows.flatMap((row, index): OutboxRow[] =>
    row.delivery === null
      ? []
      : [
          {
            id: outboxId(index),
            licenceId: row.id,
            kind: row.state === 'voided' ? 'licence.voided' : row.legalStatus === 'cancelled' ? 'licence.status' : 'licence.issued',
            number: row.number ?? '',
            holderName: row.holderName,
            state: row.delivery,
            attempts: row.delivery === 'queued' ? 0 : 3,
            sizeBytes: 61_234,
            createdAt: NOW,
            nextAttemptAt: null,
            acknowledgedAt: row.delivery === 'acknowledged' ? NOW : null,
            problem: row.delivery === 'refused' ? 'SYNC_REFUSED' : row.delivery === 'quarantined' ? 'ITEM_UNREADABLE' : null,
            refusal: row.delivery === 'refused' ? 'The identifier is already registered by another issuer' : null,
            refusalZh: row.delivery === 'refused' ? '证照标识已由另一颁发机构登记' : null,
            receiptId: row.delivery === 'acknowledged' ? `R-20261130-${String(index).padStart(6, '0')}` : null,
          },
        ],
  );

export function today(rows: readonly LicenceRow[]): TodayView {
  const here = rows.filter(({ conclusionDay }) => conclusionDay === TODAY);
  const stops = { draft: 'toSubmit', submitted: 'toReview', approved: 'toSeal', sealing: 'sealing' } as const;
  const open = rows
    .flatMap((row) =>
      row.state === 'issued' || row.state === 'voided' ? [] : [{ row, stop: row.returned ? ('toMend' as const) : stops[row.state] }],
    )
    .sort((left, right) => left.row.conclusionDay.localeCompare(right.row.conclusionDay));
  const count = (state: string) => here.filter((row) => row.state === state).length;
  const check = (
    id: TodayView['checks'][number]['id'],
    state: TodayView['checks'][number]['state'],
    details: TodayView['checks'][number]['details'] = {},
  ) => ({ id, state, text: `check.${id}.${state}`, details });
  return {
    day: TODAY,
    river: {
      concluded: here.length,
      toReview: count('submitted'),
      toSeal: count('approved'),
      issued: count('issued'),
      delivered: here.filter((row) => row.delivery === 'acknowledged').length,
    },
    mustDo: open.slice(0, 200),
    mustDoTotal: open.length,
    checks: [
      check('profile', 'info', { profile: 'training' }),
      check('disk', 'ok', { freeMb: 48_211 }),
      check('clock', 'ok', { last: NOW }),
      check('key', 'warn', { usable: 2, seals: 4 }),
      check('certificate', 'stop', { expired: 1, renew: 1 }),
      check('numbers', 'ok', { least: 8_732 }),
      check('catalogue', 'ok', { types: 4, rulePack: 'hubei-township 2026.1' }),
      check('backup', 'info'),
      check('undelivered', 'warn', { waiting: 37, person: 2 }),
    ],
    days: lastDays.map((day, index) => ({
      day,
      concluded: rows.length === 0 ? 0 : 20 + ((index * 7) % 25),
      issuedSameDay: rows.length === 0 ? 0 : 14 + ((index * 5) % 20),
      issuedLate: rows.length === 0 ? 0 : index % 4,
    })),
  };
}

export const about = (licences: number): AboutView => ({
  product: 'Banjie 0.1.0',
  contractVersion: 1,
  versions: [
    { name: 'Electron', version: '45.4.1' },
    { name: 'Node.js', version: '24.21.0' },
    { name: 'SQLite', version: '3.53.1' },
  ],
  fonts: [
    { name: 'Noto Serif SC Regular / Bold', licence: 'SIL Open Font License 1.1' },
    { name: 'HanaMinB', licence: 'SIL Open Font License 1.1 / Hanazono Font License' },
  ],
  catalogue: Object.keys(sealOf).map((typeId, index) => ({ typeId, version: '2026.1', validFrom: '2026-01-01', sha256: hash(index) })),
  rulePack: {
    id: 'hubei-township',
    version: '2026.1',
    validFrom: '2026-01-01',
    validTo: null,
    citation: '湖北省电子证照管理暂行办法（省政府令第401号）',
  },
  blocks: Object.keys(sealOf).map((typeId, index) => ({ typeId, year: 2026, first: 1, last: 20_000, next: 1_201 + index })),
  drivers: [],
  workspace: {
    dir: '/home/office/.config/banjie/workspace',
    databaseBytes: 42_000_000,
    documentsBytes: 610_000_000,
    licences,
    encrypted: true,
    sqlite: '3.53.1',
  },
});

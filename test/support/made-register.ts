// Registers as a business system exports them, with any number of good rows of one licence type.
import type { LicenceType } from '../../electron/contract/catalogue.ts';
import { writeXlsx } from '../../electron/station/intake/xlsx-write.ts';
import { addDays } from '../../electron/station/platform/clock.ts';
import { personOf } from './made-people.ts';

interface Table {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `from` moves on to other people and matters, so that two registers never repeat each other. */
export function madeRegister(type: LicenceType, count: number, conclusionDay: string, from = 0): Table {
  const headings = [type.matter.number.name, ...type.items.map((item) => item.name), type.matter.conclusionDay.name];
  const rows = Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const { name, code } = personOf(index);
    const cells = type.items.map((item) => {
      if (item.key === type.holder.name) return name;
      if (item.key === type.holder.code) return code;
      if (item.kind === 'date') return item.key.endsWith('From') ? conclusionDay : addDays(conclusionDay, 300);
      if (item.kind === 'decimal' || item.kind === 'integer') return String(1 + (index % 90));
      return item.required ? `${item.name.slice(0, 4)}${index % 300}号` : '';
    });
    return [`BN${String(index + 1).padStart(8, '0')}`, ...cells, conclusionDay];
  });
  return { headings, rows };
}

export const asCsv = ({ headings, rows }: Table): Uint8Array =>
  new Uint8Array(Buffer.from(`\ufeff${[headings, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`, 'utf8'));

export const asXlsx = ({ headings, rows }: Table): Promise<Uint8Array> => writeXlsx({ name: 'Sheet1', headings, rows, hiddenColumns: [] });

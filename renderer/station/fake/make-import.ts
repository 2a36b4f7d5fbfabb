// A made-up register under way: good, normalised, faulty and duplicate rows.
import type { LicenceType } from '../../../electron/contract/catalogue.ts';
import type { ImportRow, ImportView } from '../../../electron/contract/import.ts';
import { ImportId } from '../../../electron/contract/values.ts';
import { NOW, TODAY, uuid } from './make-licences.ts';

const names = ['张伟', '王秀英', '李建国', '阿卜杜热合曼·买买提江', '保康县马桥镇尧治河村股份经济合作社', '𠮷田玉'];

export const importId = ImportId.parse(uuid(7, 1));

export function makeImportRows(type: LicenceType, count: number): ImportRow[] {
  return Array.from({ length: count }, (_, index): ImportRow => {
    const values: Record<string, string> = {
      matterNumber: `NZ20261100${String(index + 1).padStart(5, '0')}`,
      conclusionDay: index % 9 === 4 ? '2026-11-27' : TODAY,
    };
    for (const item of type.items)
      values[item.key] =
        item.kind === 'date'
          ? '2028-11-29'
          : item.kind === 'decimal'
            ? '128.50'
            : item.kind === 'citizenId'
              ? '42062619780412331X'
              : item.key === type.holder.name
                ? (names[index % names.length] ?? '')
                : item.maxLength > 100
                  ? '马桥镇中坪村三组原尧治河小学东侧五十米'
                  : '中坪村';
    const row: ImportRow = { row: index + 1, values, changes: [], faults: [], licenceId: null };
    if (index % 4 === 1)
      row.changes.push({
        field: type.holder.code,
        from: '４２０６２６１９７８０４１２３３１ｘ',
        to: values[type.holder.code] ?? '',
        kinds: ['width', 'case'],
      });
    if (index % 11 === 5) {
      values[type.holder.code] = '420626197804123310';
      row.faults.push({
        code: 'CHECK_DIGIT_WRONG',
        field: type.holder.code,
        details: { field: type.holder.code },
        suggestion: '42062619780412331X',
      });
    }
    if (index % 13 === 6) {
      values.conclusionDay = '2026-02-30';
      row.faults.push({ code: 'DATE_IMPOSSIBLE', field: 'conclusionDay', details: { field: 'conclusionDay', value: '2026-02-30' } });
    }
    if (index % 17 === 8) row.faults.push({ code: 'DUPLICATE_IN_FILE', field: null, details: { firstRow: index - 3 } });
    return row;
  });
}

export function viewOf(type: LicenceType, rows: readonly ImportRow[], state: ImportView['state']): ImportView {
  const isDuplicate = (row: ImportRow) => row.faults.some(({ field }) => field === null);
  const good = rows.filter(({ faults, changes }) => faults.length === 0 && changes.length === 0);
  const normalised = rows.filter(({ faults, changes }) => faults.length === 0 && changes.length > 0);
  const shown = state === 'mapping' ? [] : rows;
  return {
    id: importId,
    fileName: '农村宅基地审批台账2026年11月.csv',
    format: { kind: 'csv', encoding: 'gb18030', separator: ',' },
    typeId: type.id,
    candidates: [],
    missing: [],
    headerRow: 1,
    columns: [
      { index: 0, heading: '序号', field: null, verdict: 'counter' },
      { index: 1, heading: '受理编号', field: 'matterNumber', verdict: 'matched' },
      { index: 2, heading: '办结日期', field: 'conclusionDay', verdict: 'matched' },
      ...type.items.map((item, at) => ({ index: at + 3, heading: item.name, field: item.key, verdict: 'matched' as const })),
      { index: 40, heading: '手机号', field: null, verdict: 'notAllowed' },
      { index: 41, heading: '民族', field: null, verdict: 'notAllowed' },
      { index: 42, heading: '承办科室意见', field: null, verdict: 'unmatched' },
    ],
    open: true,
    mends: null,
    state,
    rows: rows.length,
    counts: {
      good: shown.length === 0 ? 0 : good.length,
      normalised: shown.length === 0 ? 0 : normalised.length,
      faulty: shown.filter((row) => row.faults.length > 0 && !isDuplicate(row)).length,
      duplicate: shown.filter(isDuplicate).length,
      accepted: rows.filter((row) => row.licenceId !== null).length,
    },
    late: shown.filter((row) => row.faults.length === 0 && row.licenceId === null && (row.values.conclusionDay ?? '') < TODAY).length,
    by: '王芳',
    at: NOW,
  };
}

// Step three: the rows. A fault is a mark in its cell with the reason and, where there is an honest one, the mend in one click.
import { CheckCircleOutlined, CopyOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import { Input, Tooltip } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import type { ImportRow, ImportView } from '../../../electron/contract/import.ts';
import { describeCode, type Labels } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { usePages } from '../../station/use-pages.ts';
import { type Chip, Chips } from '../../ui/Chips.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { useKinds } from '../../ui/use-kinds.ts';
import { type Column, VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { MendRow } from './MendRow.tsx';

type Which = 'all' | 'good' | 'normalised' | 'faulty' | 'duplicate' | 'accepted';

export function ImportRows({ view, catalogue }: { readonly view: ImportView; readonly catalogue: Catalogue }) {
  const words = useWords();
  const { t } = words;
  const kindsOf = useKinds();
  const client = useClient();
  const { may } = useDesk();
  const act = useAct();
  const [which, setWhich] = useState<Which>('all');
  const [text, setText] = useState('');
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const [mending, setMending] = useState<ImportRow | undefined>(undefined);
  const isShown = view.state !== 'mapping';
  const fetchRows = useCallback(
    (offset: number, limit: number) => client.intake.rows({ importId: view.id, which, text, offset, limit }),
    [client, view.id, which, text],
  );
  const pages = usePages<ImportRow>('intake', isShown ? `${view.id}|${which}|${text}` : null, fetchRows);
  const canMend = may('intake', 'mendRow') && view.state !== 'abandoned';
  const labels = useMemo(() => catalogue.labelsOf(view.typeId), [catalogue.labelsOf, view.typeId]);

  const { run } = act;
  const { refetch } = pages;
  const mend = useCallback(
    (row: ImportRow, field: string, value: string) =>
      run(async () => {
        await client.intake.mendRow({ importId: view.id, row: row.row, values: { [field]: value } });
        refetch();
      }),
    [run, client, view.id, refetch],
  );

  const { good, normalised, faulty, duplicate, accepted } = view.counts;
  const chips: readonly Chip<Which>[] = [
    { key: 'all', label: t('rows.all'), count: view.rows },
    { key: 'good', label: t('rows.good'), count: good },
    { key: 'normalised', label: t('rows.normalised'), count: normalised },
    { key: 'faulty', label: t('rows.faulty'), count: faulty },
    { key: 'duplicate', label: t('rows.duplicate'), count: duplicate },
    ...(accepted > 0 ? [{ key: 'accepted' as const, label: t('rows.accepted'), count: accepted }] : []),
  ];

  const type = catalogue.typeOf(view.typeId);
  const columns = useMemo<readonly Column<ImportRow>[]>(() => {
    if (type === undefined) return [];
    const fields = ['matterNumber', 'conclusionDay', ...type.items.map((item) => item.key)];
    return [
      { key: 'row', title: t('rows.number'), width: '64px', align: 'right', render: (row) => <span className="quiet">{row.row}</span> },
      { key: 'state', title: t('rows.state'), width: '118px', render: (row) => <RowState row={row} labels={labels} /> },
      ...fields.map((field) => ({
        key: field,
        title: labels(field) ?? field,
        width: widthOf(field, type.items.find((item) => item.key === field)?.maxLength ?? 12),
        render: (row: ImportRow) => renderCell(row, field),
      })),
    ];

    function renderCell(row: ImportRow, field: string) {
      const value = row.values[field] ?? '';
      const fault = row.faults.find((candidate) => candidate.field === field);
      const change = row.changes.find((candidate) => candidate.field === field);
      if (fault !== undefined) {
        const { title, detail } = describeCode(fault.code, fault.details, words, labels);
        const { suggestion } = fault;
        const canUse = suggestion !== undefined && canMend && row.licenceId === null;
        const tip = (
          <>
            <div className="strong">{title}</div>
            <div>{detail}</div>
            {canUse && <div>{t('rows.mendTo', { value: suggestion })}</div>}
            <div className="small">{fault.code}</div>
          </>
        );
        return (
          <Tooltip title={tip}>
            <button
              type="button"
              className="cell-fault clip"
              onClick={() => (canUse ? void mend(row, field, suggestion) : canMend && setMending(row))}
              data-testid="fault"
              data-code={fault.code}
            >
              <ExclamationCircleFilled aria-hidden="true" />
              <span className="clip">{value === '' ? title : value}</span>
              {canUse && <span className="cell-mend">{t('rows.mend')}</span>}
            </button>
          </Tooltip>
        );
      }
      if (change !== undefined)
        return (
          <Tooltip title={t('rows.was', { from: change.from, kind: kindsOf(change.kinds) })}>
            <span className="cell-changed">{value}</span>
          </Tooltip>
        );
      return <span title={value}>{value}</span>;
    }
  }, [type, labels, words, t, canMend, kindsOf, mend]);

  return (
    <>
      <div className="row" style={{ flex: 'none' }}>
        <Chips label={t('rows.filter')} chips={chips} chosen={[which]} onToggle={(key) => setWhich(key)} testId="rows" />
        <Input.Search allowClear style={{ width: 220 }} placeholder={t('rows.find')} aria-label={t('rows.find')} onSearch={setText} />
      </div>
      <Problem error={act.problem ?? pages.problem} onClose={act.clear} labels={labels} />
      <VirtualGrid
        label={t('rows.title')}
        testId="import-rows"
        columns={columns}
        total={pages.total}
        rowAt={pages.rowAt}
        rowKey={(row) => String(row.row)}
        onRange={pages.onRange}
        current={current}
        onCurrent={setCurrent}
        onOpen={(index) => canMend && setMending(pages.rowAt(index))}
        empty={
          <EmptyState title={isShown ? (pages.hasCome ? t('rows.none') : t('ui.loading')) : t('rows.notChecked')}>
            {isShown ? (which === 'faulty' && pages.hasCome ? t('rows.noFaults') : undefined) : t('rows.notCheckedHint')}
          </EmptyState>
        }
        foot={pages.total > 0 && t('rows.foot', { count: words.count(pages.total) })}
      />
      <MendRow row={mending} view={view} catalogue={catalogue} onClose={() => setMending(undefined)} onMended={pages.refetch} />
    </>
  );
}

function RowState({ row, labels }: { readonly row: ImportRow; readonly labels: Labels }) {
  const words = useWords();
  const { t } = words;
  if (row.licenceId !== null)
    return (
      <span className="state tone-good">
        <CheckCircleOutlined aria-hidden="true" />
        {t('rows.accepted')}
      </span>
    );
  const [ofRow] = row.faults.filter(({ field }) => field === null);
  if (ofRow !== undefined) {
    const { title, detail } = describeCode(ofRow.code, ofRow.details, words, labels);
    return (
      <Tooltip
        title={
          <>
            <div className="strong">{title}</div>
            <div>{detail}</div>
          </>
        }
      >
        <span className="cell-fault" data-testid="fault" data-code={ofRow.code}>
          <CopyOutlined aria-hidden="true" />
          {ofRow.code.startsWith('DUPLICATE') ? t('rows.duplicate') : t('rows.faultCount', { count: row.faults.length })}
        </span>
      </Tooltip>
    );
  }
  if (row.faults.length > 0)
    return (
      <span className="state tone-warn">
        <ExclamationCircleFilled aria-hidden="true" />
        {t('rows.faultCount', { count: row.faults.length })}
      </span>
    );
  return (
    <span className={`state ${row.changes.length > 0 ? 'tone-busy' : 'tone-good'}`}>
      <CheckCircleOutlined aria-hidden="true" />
      {row.changes.length > 0 ? t('rows.normalised') : t('rows.good')}
    </span>
  );
}

function widthOf(field: string, maxLength: number): string {
  if (field === 'matterNumber') return '150px';
  if (field === 'conclusionDay') return '140px';
  if (maxLength === 18) return '252px';
  return `${Math.max(96, Math.min(230, 70 + maxLength * 2.4))}px`;
}

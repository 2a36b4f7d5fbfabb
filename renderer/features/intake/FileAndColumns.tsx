// Steps one and two: what was recognised of the file and its columns, all of it changeable while the file is at hand.
import { CheckOutlined, DownOutlined, QuestionCircleOutlined, StopOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Checkbox, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { ImportView } from '../../../electron/contract/import.ts';
import { TableEncoding } from '../../../electron/contract/intake.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import type { CallInput } from '../../station/use-call.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { Problem } from '../../ui/Problem.tsx';

const ENCODINGS = TableEncoding.options;
const NOTHING = '';

interface FileAndColumnsProps {
  readonly view: ImportView;
  readonly catalogue: Catalogue;
  /** The file is about to be read in another way. */
  readonly onRead: () => void;
  readonly onCheck: () => void;
  readonly isBusy: boolean;
}

export function FileAndColumns({ view, catalogue, onRead, onCheck, isBusy }: FileAndColumnsProps) {
  const { t, name, count } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const act = useAct();
  const unmatched = view.columns.filter(({ verdict }) => verdict === 'unmatched').length;
  const notAllowed = view.columns.filter(({ verdict }) => verdict === 'notAllowed').length;
  const [isOpen, setOpen] = useState(view.typeId === null || view.missing.length > 0);
  const [mapping, setMapping] = useState<ReadonlyMap<number, string | null>>(new Map());
  const [keepMapping, setKeepMapping] = useState(true);
  const canChange = view.open && may('intake', 'readAgain') && view.state !== 'accepted' && view.state !== 'abandoned';
  const type = catalogue.typeOf(view.typeId);

  useEffect(() => {
    if (view.state === 'checked') setOpen(false);
  }, [view.state]);

  const readAgain = (change: Omit<CallInput<'intake', 'readAgain'>, 'importId'>) =>
    act.run(async () => {
      onRead();
      await client.intake.readAgain({ importId: view.id, ...change });
      setMapping(new Map());
    });

  const labels = catalogue.labelsOf(view.typeId);
  const choices =
    type === undefined
      ? []
      : [
          { value: NOTHING, label: t('intake.notUsed') },
          { value: 'matterNumber', label: name(type.matter.number.name, type.matter.number.nameEn) },
          { value: 'conclusionDay', label: name(type.matter.conclusionDay.name, type.matter.conclusionDay.nameEn) },
          ...type.items.map((item) => ({ value: item.key, label: name(item.name, item.nameEn) })),
        ];

  return (
    <section className="panel" style={{ flex: 'none' }} aria-label={t('intake.fileAndColumns')}>
      <div className="panel-head" style={isOpen ? {} : { borderBottom: 0 }}>
        <span className="strong">{type === undefined ? t('intake.typeUnknown') : name(type.name, type.nameEn)}</span>
        <span className="quiet">
          {view.format.kind === 'csv' ? `CSV · ${view.format.encoding.toUpperCase()}` : 'Excel'} ·{' '}
          {t('intake.headerRow', { row: view.headerRow })} · {t('intake.rowCount', { count: count(view.rows) })}
        </span>
        <span className="state tone-good">
          <CheckOutlined aria-hidden="true" />
          {t('intake.columnsMatched', { count: view.columns.filter(({ verdict }) => verdict === 'matched').length })}
        </span>
        {unmatched > 0 && (
          <span className="state tone-warn">
            <QuestionCircleOutlined aria-hidden="true" />
            {t('intake.columnsUnmatched', { count: unmatched })}
          </span>
        )}
        {notAllowed > 0 && (
          <span className="state tone-plain">
            <StopOutlined aria-hidden="true" />
            {t('intake.columnsNotAllowed', { count: notAllowed })}
          </span>
        )}
        <Button
          size="small"
          className="end"
          icon={isOpen ? <UpOutlined /> : <DownOutlined />}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          data-testid="columns-toggle"
        >
          {t('intake.columns')}
        </Button>
      </div>
      {isOpen && (
        <div className="panel-body column">
          {canChange && (
            <div className="row">
              <div>
                {t('licence.type')}{' '}
                <Select
                  style={{ width: 240 }}
                  value={view.typeId}
                  placeholder={t('intake.chooseType')}
                  options={catalogue.types.map((each) => ({ value: each.id, label: name(each.name, each.nameEn) }))}
                  onChange={(typeId) => typeId !== null && void readAgain({ typeId })}
                  aria-label={t('licence.type')}
                  data-testid="import-type"
                />
              </div>
              {view.format.kind === 'csv' && (
                <div>
                  {t('intake.encoding')}{' '}
                  <Select
                    style={{ width: 120 }}
                    value={view.format.encoding}
                    options={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
                    onChange={(encoding) => void readAgain({ encoding })}
                    aria-label={t('intake.encoding')}
                    data-testid="import-encoding"
                  />
                </div>
              )}
              <div>
                {t('intake.headerRowLabel')}{' '}
                <InputNumber
                  style={{ width: 72 }}
                  min={1}
                  max={200}
                  value={view.headerRow}
                  onChange={(headerRow) => headerRow !== null && void readAgain({ headerRow })}
                  aria-label={t('intake.headerRowLabel')}
                  data-testid="import-header-row"
                />
              </div>
            </div>
          )}
          {view.missing.length > 0 && (
            <p className="tone-warn">{t('intake.missing', { columns: view.missing.map((field) => labels(field) ?? field).join(' · ') })}</p>
          )}
          <div className="columns-list">
            {view.columns.map((column) => (
              <div className={`column-item ${column.verdict}`} key={column.index}>
                <span className="heading">
                  {column.heading === '' ? t('intake.noHeading', { number: column.index + 1 }) : column.heading}
                </span>
                {column.verdict === 'notAllowed' && <span className="small quiet">{t('intake.notAllowed')}</span>}
                {column.verdict === 'counter' && <span className="small quiet">{t('intake.counter')}</span>}
                {(column.verdict === 'matched' || column.verdict === 'unmatched') &&
                  (canChange ? (
                    <Select
                      size="small"
                      style={{ width: 150 }}
                      aria-label={t('intake.columnMeans', { heading: column.heading })}
                      value={(mapping.has(column.index) ? mapping.get(column.index) : column.field) ?? NOTHING}
                      options={choices}
                      onChange={(field) => setMapping(new Map(mapping).set(column.index, field === NOTHING ? null : field))}
                    />
                  ) : (
                    <span className="quiet">→ {column.field === null ? t('intake.notUsed') : (labels(column.field) ?? column.field)}</span>
                  ))}
              </div>
            ))}
          </div>
          {canChange && (
            <div className="row">
              {mapping.size > 0 ? (
                <>
                  <Button
                    type="primary"
                    loading={act.isBusy}
                    onClick={() => void readAgain({ columns: columnsOf(view, mapping), keepMapping })}
                    data-testid="apply-mapping"
                  >
                    {t('intake.applyMapping')}
                  </Button>
                  <Checkbox checked={keepMapping} onChange={(event) => setKeepMapping(event.target.checked)}>
                    {t('intake.keepMapping')}
                  </Checkbox>
                </>
              ) : (
                view.state === 'mapping' &&
                view.typeId !== null && (
                  <Button type="primary" loading={isBusy || act.isBusy} onClick={onCheck} data-testid="check-rows">
                    {t('intake.check')}
                  </Button>
                )
              )}
            </div>
          )}
          <Problem error={act.problem} onClose={act.clear} labels={catalogue.labelsOf(view.typeId)} />
        </div>
      )}
    </section>
  );
}

/** The whole mapping as it would be: what was recognised, with what the clerk changed. A field takes one column only. */
function columnsOf(view: ImportView, mended: ReadonlyMap<number, string | null>): Record<string, number> {
  const columns: Record<string, number> = {};
  for (const { index, field } of view.columns) if (field !== null && !mended.has(index)) columns[field] = index;
  for (const [index, field] of mended) if (field !== null) columns[field] = index;
  return columns;
}

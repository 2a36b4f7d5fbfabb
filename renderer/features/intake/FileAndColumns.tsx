// Steps one and two: what was recognised of the file and its columns, all of it changeable while the file is at hand.
import { CheckOutlined, DownOutlined, QuestionCircleOutlined, StopOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Checkbox, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { ImportView } from '../../../electron/contract/import.ts';
import { useWords } from '../../station/language.tsx';
import { useDesk } from '../../station/session.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { Problem } from '../../ui/Problem.tsx';

const ENCODINGS = ['utf-8', 'gb18030'];
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
  const [isOpen, setOpen] = useState(view.typeId === null || view.state === 'mapping');
  const [mapping, setMapping] = useState<ReadonlyMap<number, string | null>>(new Map());
  const [keepMapping, setKeepMapping] = useState(true);
  const canChange = view.open && may('intake', 'readAgain') && view.state !== 'accepted' && view.state !== 'abandoned';
  const type = catalogue.typeOf(view.typeId);

  useEffect(() => {
    if (view.state === 'checked') setOpen(false);
  }, [view.state]);

  const readAgain = (change: { typeId?: string; encoding?: string; headerRow?: number; mapping?: { column: number; item: string | null }[]; keepMapping?: boolean }) =>
    act.run(async () => {
      onRead();
      await client.intake.readAgain({ importId: view.id, ...change });
      setMapping(new Map());
    });

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
          {view.format === 'csv' ? `CSV · ${(view.encoding ?? '').toUpperCase()}` : 'Excel'} · {t('intake.headerRow', { row: view.headerRow })} · {t('intake.rowCount', { count: count(view.rows) })}
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
        <Button size="small" className="end" icon={isOpen ? <UpOutlined /> : <DownOutlined />} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} data-testid="columns-toggle">
          {t('intake.columns')}
        </Button>
      </div>
      {isOpen && (
        <div className="panel-body column">
          {canChange && (
            <div className="row">
              <label>
                {t('licence.type')}{' '}
                <Select style={{ width: 240 }} value={view.typeId} placeholder={t('intake.chooseType')} options={catalogue.types.map((each) => ({ value: each.id, label: name(each.name, each.nameEn) }))} onChange={(typeId) => typeId !== null && void readAgain({ typeId })} data-testid="import-type" />
              </label>
              {view.format === 'csv' && (
                <label>
                  {t('intake.encoding')}{' '}
                  <Select style={{ width: 120 }} value={(view.encoding ?? '').toLowerCase()} options={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))} onChange={(encoding) => void readAgain({ encoding })} data-testid="import-encoding" />
                </label>
              )}
              <label>
                {t('intake.headerRowLabel')} <InputNumber style={{ width: 72 }} min={1} max={200} value={view.headerRow} onChange={(headerRow) => headerRow !== null && void readAgain({ headerRow })} data-testid="import-header-row" />
              </label>
            </div>
          )}
          <div className="columns-list">
            {view.columns.map((column) => (
              <div className={`column-item ${column.verdict}`} key={column.column}>
                <span className="heading">{column.heading === '' ? t('intake.noHeading', { number: column.column + 1 }) : column.heading}</span>
                {column.verdict === 'notAllowed' && <span className="small quiet">{t('intake.notAllowed')}</span>}
                {column.verdict === 'counter' && <span className="small quiet">{t('intake.counter')}</span>}
                {(column.verdict === 'matched' || column.verdict === 'unmatched') &&
                  (canChange ? (
                    <Select
                      size="small"
                      style={{ width: 150 }}
                      aria-label={t('intake.columnMeans', { heading: column.heading })}
                      value={mapping.get(column.column) === undefined ? (column.item ?? NOTHING) : (mapping.get(column.column) ?? NOTHING)}
                      options={choices}
                      onChange={(item) => setMapping(new Map(mapping).set(column.column, item === NOTHING ? null : item))}
                    />
                  ) : (
                    <span className="quiet">→ {column.item === null ? t('intake.notUsed') : (catalogue.labelsOf(view.typeId)(column.item) ?? column.item)}</span>
                  ))}
              </div>
            ))}
          </div>
          {canChange && (
            <div className="row">
              {mapping.size > 0 ? (
                <>
                  <Button type="primary" loading={act.isBusy} onClick={() => void readAgain({ mapping: [...mapping].map(([column, item]) => ({ column, item })), keepMapping })} data-testid="apply-mapping">
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

// One row in full: every value, what is wrong with it, and a place to put it right.
import { useEffect, useState } from 'react';
import type { ImportRow, ImportView } from '../../../electron/contract/import.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { MatterForm } from './MatterForm.tsx';

interface MendRowProps {
  readonly row: ImportRow | undefined;
  readonly view: ImportView;
  readonly catalogue: Catalogue;
  readonly onClose: () => void;
  readonly onMended: () => void;
}

export function MendRow({ row, view, catalogue, onClose, onMended }: MendRowProps) {
  const words = useWords();
  const { t } = words;
  const client = useClient();
  const act = useAct();
  const [shown, setShown] = useState(row);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    setShown(row);
    setValues(row?.values ?? {});
  }, [row]);
  const type = catalogue.typeOf(view.typeId);
  if (type === undefined || shown === undefined) return null;
  const labels = catalogue.labelsOf(view.typeId);
  const rowFaults = shown.faults.filter(({ field }) => field === null || labels(field) === undefined);

  const save = () =>
    act.run(async () => {
      const changed = Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== (shown.values[key] ?? '')));
      const mended = await client.intake.mendRow({ importId: view.id, row: shown.row, values: changed });
      onMended();
      if (mended.faults.length === 0) return onClose();
      setShown(mended);
      setValues(mended.values);
    });

  return (
    <Dialogue
      title={t('rows.mendTitle', { row: shown.row })}
      isOpen={row !== undefined}
      onClose={onClose}
      width={860}
      {...(shown.licenceId === null
        ? { main: { label: t('rows.save'), onClick: () => void save(), isBusy: act.isBusy, testId: 'mend-save' } }
        : {})}
    >
      <div className="column">
        {rowFaults.map((fault) => (
          <p key={fault.code} className="tone-warn">
            {describeCode(fault.code, fault.details, words, labels).title} {describeCode(fault.code, fault.details, words, labels).detail}
          </p>
        ))}
        <MatterForm type={type} values={values} onChange={setValues} faults={shown.faults} changes={shown.changes} />
        <Problem error={act.problem} labels={labels} />
      </div>
    </Dialogue>
  );
}

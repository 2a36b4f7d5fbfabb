// One matter typed by hand, checked as it is typed by the same standard as a register.
import { ArrowLeftOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import type { OneMatterVerdict } from '../../../electron/contract/import.ts';
import type { Late } from '../../../electron/contract/licence.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { isLateComplete, LateReason } from './LateReason.tsx';
import { MatterForm } from './MatterForm.tsx';

const CHECK_DELAY_MS = 350;
const DAY = /^\d{4}-\d\d-\d\d$/;

export function TypeOneMatter({ onClose }: { readonly onClose: () => void }) {
  const { t, name } = useWords();
  const client = useClient();
  const { session } = useDesk();
  const say = useNotice();
  const act = useAct();
  const catalogue = useCatalogue();
  const [typeId, setTypeId] = useState<string | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({ conclusionDay: session.today });
  const [late, setLate] = useState<Late | null>(null);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [verdict, setVerdict] = useState<OneMatterVerdict | undefined>(undefined);
  const type = catalogue.typeOf(typeId);
  const day = values.conclusionDay ?? '';
  const isLate = DAY.test(day) && day < session.today;

  useEffect(() => {
    if (typeId === null) return;
    let isCurrent = true;
    const timer = setTimeout(() => {
      client.intake.checkOne({ typeId, values, late: null }).then(
        (answer) => isCurrent && setVerdict(answer),
        // Why ignored: saving checks again and shows the problem then.
        () => undefined,
      );
    }, CHECK_DELAY_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [client, typeId, values]);

  const save = (submit: boolean) =>
    act.run(async () => {
      if (typeId === null) return;
      const check = await client.intake.checkOne({ typeId, values, late });
      setVerdict(check);
      setTouched(new Set(['*']));
      if (check.faults.length > 0) return;
      const reason = isLate ? late : null;
      const { licenceId } = await client.intake.typeOne({ typeId, values, late: reason });
      if (submit) await client.licences.submit({ ids: [licenceId], late: reason });
      say(t(submit ? 'intake.typedSubmitted' : 'intake.typed'));
      setValues({ conclusionDay: session.today });
      setTouched(new Set());
      setVerdict(undefined);
      setLate(null);
    });

  const shownFaults = (verdict?.faults ?? []).filter(
    ({ field, code }) =>
      touched.has('*') || field === null || (touched.has(field) && (code !== 'VALUE_MISSING' || (values[field] ?? '') === '')),
  );
  return (
    <Screen
      title={t('intake.typeOne')}
      testId="screen-type-one"
      actions={
        <Button icon={<ArrowLeftOutlined />} onClick={onClose}>
          {t('intake.back')}
        </Button>
      }
    >
      <Panel>
        <div className="panel-body column">
          <div className="row">
            <span className="strong">{t('licence.type')}</span>
            <Select
              style={{ width: 320 }}
              value={typeId}
              placeholder={t('intake.chooseType')}
              options={catalogue.types.map((each) => ({ value: each.id, label: name(each.name, each.nameEn) }))}
              onChange={(id) => setTypeId(id)}
              aria-label={t('licence.type')}
              data-testid="one-type"
            />
          </div>
          {type === undefined ? (
            <p className="quiet">{t('intake.typeOneHint')}</p>
          ) : (
            <>
              <MatterForm
                type={type}
                values={values}
                faults={shownFaults}
                changes={verdict?.changes ?? []}
                onChange={(next) => {
                  const changed = Object.keys(next).filter((key) => next[key] !== values[key]);
                  setTouched(new Set([...touched, ...changed]));
                  setValues(next);
                }}
              />
              {isLate && (
                <div className="column" style={{ gap: 4 }}>
                  <span className="tone-warn">{t('late.one')}</span>
                  <LateReason rules={catalogue.rules} late={late} onLate={setLate} />
                </div>
              )}
            </>
          )}
        </div>
      </Panel>
      <Problem error={act.problem} labels={catalogue.labelsOf(typeId)} onClose={act.clear} />
      {type !== undefined && (
        <div className="row">
          <span className="end" />
          <Button disabled={act.isBusy || (isLate && !isLateComplete(late))} onClick={() => void save(false)} data-testid="one-save">
            {t('intake.saveDraft')}
          </Button>
          <MainAction testId="one-submit" isBusy={act.isBusy} isDisabled={isLate && !isLateComplete(late)} onClick={() => void save(true)}>
            {t('intake.saveSubmit')}
          </MainAction>
        </div>
      )}
    </Screen>
  );
}

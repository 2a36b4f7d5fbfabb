// Putting a draft right, then submitting it: number and identifier are reserved at that moment.
import { Button } from 'antd';
import { useState } from 'react';
import type { OneMatterVerdict } from '../../../electron/contract/import.ts';
import type { Late, LicenceDetail } from '../../../electron/contract/licence.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { isLateComplete, LateReason } from '../intake/LateReason.tsx';
import { MatterForm } from '../intake/MatterForm.tsx';

interface MendDraftProps {
  readonly detail: LicenceDetail;
  readonly catalogue: Catalogue;
  readonly onClose: () => void;
}

export function MendDraft({ detail, catalogue, onClose }: MendDraftProps) {
  const { t } = useWords();
  const client = useClient();
  const { session } = useDesk();
  const say = useNotice();
  const act = useAct();
  const { row } = detail;
  const type = catalogue.typeOf(row.typeId);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({
    ...detail.values,
    matterNumber: row.matterNumber,
    conclusionDay: row.conclusionDay,
  });
  const [late, setLate] = useState<Late | null>(row.late);
  const [verdict, setVerdict] = useState<OneMatterVerdict | undefined>(undefined);
  const isLate = (values.conclusionDay ?? row.conclusionDay) < session.today;
  const canSubmit = detail.actions.includes('submit');

  const save = (submit: boolean) =>
    act.run(async () => {
      const reason = isLate ? late : null;
      const answer = await client.licences.mend({ id: row.id, values, late: reason });
      setVerdict(answer);
      if (answer.faults.length > 0) return;
      if (submit) await client.licences.submit({ ids: [row.id], late: reason });
      say(t(submit ? 'licence.mendedSubmitted' : 'licence.mended'));
      onClose();
    });

  if (type === undefined) return null;
  return (
    <Dialogue
      title={t('licence.mendTitle', { name: row.holderName })}
      isOpen
      onClose={onClose}
      width={900}
      main={{
        label: t(canSubmit ? 'licence.saveSubmit' : 'licence.save'),
        onClick: () => void save(canSubmit),
        isBusy: act.isBusy,
        isDisabled: canSubmit && isLate && !isLateComplete(late),
        testId: 'mend-save',
      }}
    >
      <div className="column">
        {detail.returnReason !== null && row.returned && (
          <p className="tone-warn">{t('licence.returnReason', { reason: detail.returnReason })}</p>
        )}
        <MatterForm type={type} values={values} onChange={setValues} faults={verdict?.faults ?? []} changes={verdict?.changes ?? []} />
        {isLate && <LateReason rules={catalogue.rules} late={late} onLate={setLate} />}
        {canSubmit && (
          <Button style={{ alignSelf: 'start' }} disabled={act.isBusy} onClick={() => void save(false)} data-testid="mend-only">
            {t('licence.saveOnly')}
          </Button>
        )}
        <Problem error={act.problem} labels={catalogue.labelsOf(row.typeId)} />
      </div>
    </Dialogue>
  );
}

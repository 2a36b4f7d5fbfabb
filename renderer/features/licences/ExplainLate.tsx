// Why a licence will be issued after its conclusion day (R01), where the day passed while it waited.
import { useState } from 'react';
import type { Late, LicenceDetail } from '../../../electron/contract/licence.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem, ProblemText } from '../../ui/Problem.tsx';
import { isLateComplete, LateReason } from '../intake/LateReason.tsx';

export function ExplainLate({
  detail,
  rules,
  onClose,
}: {
  readonly detail: LicenceDetail;
  readonly rules: RulePack | undefined;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const { t } = words;
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const [late, setLate] = useState<Late | null>(null);
  const [refused, setRefused] = useState<string | undefined>(undefined);
  const explain = () =>
    act.run(async () => {
      if (late === null) return;
      const [outcome] = await client.licences.explainLate({ ids: [detail.row.id], late });
      if (outcome !== undefined && !outcome.ok) return setRefused(outcome.code ?? 'INTERNAL');
      say(t('licence.lateExplained'));
      onClose();
    });
  return (
    <Dialogue
      title={t('licence.explainLate')}
      isOpen
      onClose={onClose}
      width={640}
      main={{
        label: t('licence.explainLateGo'),
        onClick: () => void explain(),
        isBusy: act.isBusy,
        isDisabled: !isLateComplete(late),
        testId: 'explain-late-confirm',
      }}
    >
      <div className="column">
        <p>{t('late.one')}</p>
        <LateReason rules={rules} late={late} onLate={setLate} />
        {refused !== undefined && <ProblemText description={describeCode(refused, {}, words)} />}
        <Problem error={act.problem} />
      </div>
    </Dialogue>
  );
}

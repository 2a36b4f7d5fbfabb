// Drafts left over go to review together: those of this clerk that are complete, with a reason where they are late.
import { Button } from 'antd';
import { useState } from 'react';
import type { Late } from '../../../electron/contract/licence.ts';
import type { RulePack } from '../../../electron/contract/office.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { isLateComplete, LateReason } from '../intake/LateReason.tsx';

export function SubmitChosen({ rules }: { readonly rules: RulePack | undefined }) {
  const { t, count } = useWords();
  const client = useClient();
  const { session } = useDesk();
  const say = useNotice();
  const act = useAct();
  const [isOpen, setOpen] = useState(false);
  const [late, setLate] = useState<Late | null>(null);
  const drafts = useCall('licences', 'find', { states: ['draft'], enteredByMe: true, limit: 500 });
  // A returned draft must be mended first; it is submitted from its own page.
  const ready = (drafts.data?.rows ?? []).filter(({ returned }) => !returned);
  const isLate = ready.some(({ conclusionDay, late: given }) => conclusionDay < session.today && given === null);
  if (ready.length === 0) return null;
  const submit = () =>
    act.run(async () => {
      await client.licences.submit({ ids: ready.map(({ id }) => id), late: isLate ? late : null });
      say(t('licences.submitting', { count: count(ready.length) }));
      setOpen(false);
    });
  return (
    <>
      <Button onClick={() => setOpen(true)} data-testid="submit-drafts">
        {t('licences.submitDrafts', { count: count(ready.length) })}
      </Button>
      <Dialogue
        title={t('licences.submitTitle')}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        width={680}
        main={{
          label: t('licences.submitGo', { count: count(ready.length) }),
          onClick: () => void submit(),
          isBusy: act.isBusy,
          isDisabled: isLate && !isLateComplete(late),
          testId: 'submit-drafts-go',
        }}
      >
        <div className="column">
          <p>{t('licences.submitSays', { count: count(ready.length) })}</p>
          {isLate && (
            <>
              <span className="tone-warn">{t('licences.submitLate')}</span>
              <LateReason rules={rules} late={late} onLate={setLate} />
            </>
          )}
          <Problem error={act.problem} />
        </div>
      </Dialogue>
    </>
  );
}

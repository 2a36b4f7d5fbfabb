// Approving many at once (R09): only after each page or a sufficient sample was shown, and with the number typed by hand.
import { CheckCircleOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import { Input } from 'antd';
import { useState } from 'react';
import type { ItemOutcome, LicenceRow } from '../../../electron/contract/licence.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';

interface ApproveBatchProps {
  readonly rows: readonly LicenceRow[];
  readonly onClose: () => void;
  /** Takes the reviewer to a page that has not been shown yet. */
  readonly onShow: (id: LicenceRow['id']) => void;
  readonly onApproved: () => void;
}

export function ApproveBatch({ rows, onClose, onShow, onApproved }: ApproveBatchProps) {
  const words = useWords();
  const { t, count } = words;
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const [typed, setTyped] = useState('');
  const [failed, setFailed] = useState<readonly ItemOutcome[] | undefined>(undefined);
  const sample = useCall('review', 'sample', { ids: rows.map(({ id }) => id) });
  const nextToShow = sample.data?.next ?? null;
  const isEnough = sample.data !== undefined && sample.data.shown >= sample.data.needed;

  const approve = () =>
    act.run(async () => {
      // The hashes of the list as it stood when it was chosen: what has changed since is not approved.
      const items = rows.flatMap(({ id, approvedHash }) => (approvedHash === null ? [] : [{ id, approvedHash }]));
      const { outcomes } = await client.review.approve({ items, count: rows.length });
      const bad = outcomes.filter(({ ok }) => !ok);
      say(t('review.batchApproved', { count: count(outcomes.length - bad.length) }));
      onApproved();
      if (bad.length === 0) onClose();
      else setFailed(bad);
    });

  if (failed !== undefined)
    return (
      <Dialogue title={t('review.batchFailedTitle', { count: count(failed.length) })} isOpen onClose={onClose}>
        <ul className="column" style={{ gap: 4 }}>
          {failed.map((outcome) => (
            <li key={outcome.id}>
              {rows.find(({ id }) => id === outcome.id)?.holderName} ·{' '}
              {describeCode(outcome.code ?? 'INTERNAL', outcome.details, words).title}
            </li>
          ))}
        </ul>
      </Dialogue>
    );
  return (
    <Dialogue
      title={t('review.batchTitle')}
      isOpen
      onClose={onClose}
      main={{
        label: t('review.batchGo', { count: count(rows.length) }),
        onClick: () => void approve(),
        isBusy: act.isBusy,
        isDisabled: !isEnough || typed.trim() !== String(rows.length),
        testId: 'batch-confirm',
      }}
    >
      <div className="column">
        <p>{t('review.batchSays', { count: count(rows.length) })}</p>
        {sample.data !== undefined && (
          <p className={`state ${isEnough ? 'tone-good' : 'tone-warn'}`} style={{ whiteSpace: 'normal' }}>
            {isEnough ? <CheckCircleOutlined aria-hidden="true" /> : <ExclamationCircleFilled aria-hidden="true" />}
            {t(isEnough ? 'review.sampleMet' : 'review.sampleMissing', { shown: sample.data.shown, needed: sample.data.needed })}
          </p>
        )}
        {nextToShow !== null && !isEnough && (
          <button type="button" className="link" style={{ alignSelf: 'start' }} onClick={() => onShow(nextToShow)}>
            {t('review.lookNow')}
          </button>
        )}
        <div>
          {t('review.typeCount')}
          <Input
            style={{ width: 120, marginLeft: 8 }}
            inputMode="numeric"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            disabled={!isEnough}
            aria-label={t('review.typeCount')}
            data-testid="batch-count"
          />
        </div>
        <Problem error={sample.problem ?? act.problem} />
      </div>
    </Dialogue>
  );
}

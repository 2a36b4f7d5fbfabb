// A mistake found after issue is never edited: cancelled with its reason and issued anew; says before what it touches.
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import type { LicenceDetail, LicenceRow } from '../../../electron/contract/licence.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useAct } from '../../station/use-act.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';

interface CancelAndReissueProps {
  readonly detail: LicenceDetail;
  readonly onClose: () => void;
  readonly onDone: (newId: LicenceRow['id'] | null) => void;
}

export function CancelAndReissue({ detail, onClose, onDone }: CancelAndReissueProps) {
  const { t } = useWords();
  const client = useClient();
  const say = useNotice();
  const act = useAct();
  const [reason, setReason] = useState('');
  const [basis, setBasis] = useState('');
  const [reissue, setReissue] = useState(true);
  const [isSure, setSure] = useState(false);
  const { row, handOver } = detail;
  const isComplete = reason.trim().length >= 2 && basis.trim().length >= 2 && isSure;
  const touches = [
    t('cancel.touchLicence', { number: row.number ?? '' }),
    t('cancel.touchLibrary'),
    ...(handOver === null
      ? []
      : [
          handOver.paperSerial === null
            ? t('cancel.touchHolder', { name: handOver.collectorName })
            : t('cancel.touchPaper', { serial: handOver.paperSerial }),
        ]),
    ...(reissue ? [t('cancel.touchNew', { version: row.version + 1 })] : []),
  ];

  const cancel = () =>
    act.run(async () => {
      const { newId } = await client.licences.cancelAndReissue({ id: row.id, reason: reason.trim(), basis: basis.trim(), reissue });
      say(t(newId === null ? 'cancel.done' : 'cancel.doneReissue', { number: row.number ?? '' }));
      onDone(newId);
    });

  return (
    <Dialogue
      title={t('cancel.title', { name: row.holderName })}
      isOpen
      onClose={onClose}
      width={620}
      main={{
        label: t(reissue ? 'cancel.goReissue' : 'cancel.go'),
        onClick: () => void cancel(),
        isBusy: act.isBusy,
        isDisabled: !isComplete,
        testId: 'cancel-confirm',
      }}
    >
      <div className="column">
        <div>
          <p className="strong">{t('cancel.touches', { count: touches.length })}</p>
          <ol style={{ listStyle: 'decimal', paddingLeft: 22 }}>
            {touches.map((touch) => (
              <li key={touch}>{touch}</li>
            ))}
          </ol>
        </div>
        <div className="field">
          <label htmlFor="cancel-reason">{t('cancel.reason')} *</label>
          <Input.TextArea
            id="cancel-reason"
            rows={2}
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            data-testid="cancel-reason"
          />
        </div>
        <div className="field">
          <label htmlFor="cancel-basis">{t('cancel.basis')} *</label>
          <Input
            id="cancel-basis"
            maxLength={200}
            value={basis}
            onChange={(event) => setBasis(event.target.value)}
            data-testid="cancel-basis"
          />
        </div>
        <Checkbox checked={reissue} onChange={(event) => setReissue(event.target.checked)} data-testid="reissue">
          {t('cancel.reissue')}
        </Checkbox>
        <Checkbox checked={isSure} onChange={(event) => setSure(event.target.checked)} data-testid="cancel-sure">
          {t('cancel.sure')}
        </Checkbox>
        <Problem error={act.problem} />
      </div>
    </Dialogue>
  );
}

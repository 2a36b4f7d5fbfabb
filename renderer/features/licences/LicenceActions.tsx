// What this person may do with this licence now: only that is shown, the one main action last.
import { Button } from 'antd';
import { useState } from 'react';
import type { LicenceDetail, LicenceFile, LicenceRow } from '../../../electron/contract/licence.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import type { Catalogue } from '../../station/use-catalogue.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem } from '../../ui/Problem.tsx';
import { ReasonDialogue } from '../../ui/ReasonDialogue.tsx';
import { CancelAndReissue } from './CancelAndReissue.tsx';
import { ExplainLate } from './ExplainLate.tsx';
import { HandOverDialogue } from './HandOverDialogue.tsx';
import { MendDraft } from './MendDraft.tsx';

interface LicenceActionsProps {
  readonly detail: LicenceDetail;
  readonly file: LicenceFile | undefined;
  readonly catalogue: Catalogue;
  readonly onChanged: () => void;
  readonly onClose: () => void;
  readonly onOther: (id: LicenceRow['id']) => void;
}

type Open = 'mend' | 'late' | 'discard' | 'void' | 'handOver' | 'cancel';

export function LicenceActions({ detail, file, catalogue, onChanged, onClose, onOther }: LicenceActionsProps) {
  const { t } = useWords();
  const client = useClient();
  const say = useNotice();
  const { go } = useNavigation();
  const { may, session } = useDesk();
  const act = useAct();
  const [open, setOpen] = useState<Open | undefined>(undefined);
  const { row } = detail;
  const { id } = row;
  // R01: also where the day passed while it waited for review or the seal.
  const isUnexplained =
    may('licences', 'explainLate') &&
    row.late === null &&
    (row.state === 'submitted' || row.state === 'approved') &&
    row.conclusionDay < session.today;
  const can = (action: LicenceDetail['actions'][number]) => detail.actions.includes(action);

  const saveFile = () =>
    act.run(async () => {
      if (file === undefined) return;
      const { savedAs } = await client.shell.saveFile({ suggestedName: file.fileName, bytes: file.bytes });
      if (savedAs === null) return;
      await client.licences.fileSaved({ id, what: 'file' });
      say(t('ui.savedAs', { path: savedAs }));
      onChanged();
    });
  const print = (large: boolean) =>
    act.run(async () => {
      const copy = await client.licences.printCopy({ id, large });
      const { printed } = await client.shell.print({ title: copy.fileName, bytes: copy.bytes });
      if (!printed) return;
      await client.licences.fileSaved({ id, what: 'print' });
      say(t('licence.printed'));
      onChanged();
    });
  const printSlip = () =>
    act.run(async () => {
      const slip = await client.licences.slip({ id });
      const { printed } = await client.shell.print({ title: slip.fileName, bytes: slip.bytes });
      if (printed) await client.licences.fileSaved({ id, what: 'slip' });
    });
  const discard = () =>
    act.run(async () => {
      await client.licences.discard({ id });
      say(t('licence.discarded'));
      onClose();
    });
  const voidIt = (reason: string) =>
    act.run(async () => {
      await client.licences.void({ id, reason });
      setOpen(undefined);
      say(t('licence.voided', { number: row.number ?? '' }));
      onChanged();
    });

  return (
    <>
      {can('saveFile') && (
        <Button onClick={saveFile} disabled={act.isBusy || file === undefined} data-testid="save-file">
          {t('licence.saveFile')}
        </Button>
      )}
      {can('print') && (
        <>
          <Button onClick={() => void print(false)} disabled={act.isBusy} data-testid="print">
            {t('licence.print')}
          </Button>
          <Button onClick={() => void print(true)} disabled={act.isBusy} data-testid="print-large">
            {t('licence.printLarge')}
          </Button>
        </>
      )}
      {detail.handOver !== null && (
        <Button onClick={printSlip} disabled={act.isBusy} data-testid="slip">
          {t('licence.slip')}
        </Button>
      )}
      {isUnexplained && (
        <Button onClick={() => setOpen('late')} data-testid="explain-late">
          {t('licence.explainLate')}
        </Button>
      )}
      {can('discard') && (
        <Button onClick={() => setOpen('discard')} data-testid="discard">
          {t('licence.discard')}
        </Button>
      )}
      {can('void') && (
        <Button onClick={() => setOpen('void')} data-testid="void">
          {t('licence.void')}
        </Button>
      )}
      {can('cancelAndReissue') && (
        <Button onClick={() => setOpen('cancel')} data-testid="cancel-and-reissue">
          {t('licence.cancelAndReissue')}
        </Button>
      )}
      {can('mend') && (
        <MainAction testId="mend" onClick={() => setOpen('mend')}>
          {t(can('submit') ? 'licence.mendOrSubmit' : 'licence.mend')}
        </MainAction>
      )}
      {(can('approve') || can('return')) && (
        <MainAction testId="to-review" onClick={() => go('review', { licenceId: id })}>
          {t('licence.toReview')}
        </MainAction>
      )}
      {can('seal') && (
        <MainAction testId="to-sealing" onClick={() => go('sealing')}>
          {t('licence.toSealing')}
        </MainAction>
      )}
      {can('handOver') && (
        <MainAction testId="hand-over" onClick={() => setOpen('handOver')}>
          {t('licence.handOverDo')}
        </MainAction>
      )}
      {act.problem !== undefined && open === undefined && (
        <div style={{ flexBasis: '100%' }}>
          <Problem error={act.problem} onClose={act.clear} labels={catalogue.labelsOf(row.typeId)} />
        </div>
      )}
      {open === 'mend' && (
        <MendDraft
          detail={detail}
          catalogue={catalogue}
          onClose={() => {
            setOpen(undefined);
            onChanged();
          }}
        />
      )}
      <Dialogue
        title={t('licence.discardTitle')}
        isOpen={open === 'discard'}
        onClose={() => setOpen(undefined)}
        main={{ label: t('licence.discard'), onClick: () => void discard(), isBusy: act.isBusy, testId: 'discard-confirm' }}
      >
        <p>{t('licence.discardSays', { name: row.holderName })}</p>
        <Problem error={act.problem} />
      </Dialogue>
      <ReasonDialogue
        title={t('licence.voidTitle')}
        isOpen={open === 'void'}
        onClose={() => setOpen(undefined)}
        action={t('licence.void')}
        isBusy={act.isBusy}
        problem={act.problem}
        onReason={voidIt}
        testId="void"
        explanation={<p>{t('licence.voidSays', { number: row.number ?? '' })}</p>}
      />
      {open === 'handOver' && (
        <HandOverDialogue
          detail={detail}
          onClose={() => {
            setOpen(undefined);
            onChanged();
          }}
        />
      )}
      {open === 'late' && (
        <ExplainLate
          detail={detail}
          rules={catalogue.rules}
          onClose={() => {
            setOpen(undefined);
            onChanged();
          }}
        />
      )}
      {open === 'cancel' && (
        <CancelAndReissue
          detail={detail}
          onClose={() => setOpen(undefined)}
          onDone={(newId) => {
            setOpen(undefined);
            if (newId === null) onChanged();
            else onOther(newId);
          }}
        />
      )}
    </>
  );
}

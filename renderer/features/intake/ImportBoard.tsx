// One register on its way to drafts, three steps on one screen: file, columns, rows.
import { ArrowLeftOutlined, DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { ImportView } from '../../../electron/contract/import.ts';
import type { Late } from '../../../electron/contract/licence.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { useCall } from '../../station/use-call.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { FileDrop } from '../../ui/FileDrop.tsx';
import { JobLine } from '../../ui/JobLine.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem, ProblemText } from '../../ui/Problem.tsx';
import { Screen } from '../../ui/Screen.tsx';
import { AcceptBar } from './AcceptBar.tsx';
import { FileAndColumns } from './FileAndColumns.tsx';
import { ImportRows } from './ImportRows.tsx';

interface ImportBoardProps {
  readonly importId: ImportView['id'];
  readonly onClose: () => void;
  /** A mended sheet is an import of its own. */
  readonly onOther: (id: ImportView['id']) => void;
}

export function ImportBoard({ importId, onClose, onOther }: ImportBoardProps) {
  const words = useWords();
  const { t, language } = words;
  const client = useClient();
  const { may } = useDesk();
  const say = useNotice();
  const catalogue = useCatalogue();
  const act = useAct();
  const { data: view, problem } = useCall('intake', 'view', { importId });
  const jobs = useCall('jobs', 'list', {});
  const [jobId, setJobId] = useState<string | undefined>(undefined);
  const [isMending, setMending] = useState(false);
  const begun = useRef(false);
  const canTake = may('intake', 'check');

  const check = () =>
    act.run(async () => {
      const job = await client.intake.check({ importId });
      setJobId(job.id);
    });

  // Why: where everything was recognised there is nothing to ask; the rows are what the clerk wants to see.
  const isReady = view !== undefined && view.state === 'mapping' && view.typeId !== null && view.missing.length === 0 && canTake;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the file was recognised
  useEffect(() => {
    if (!isReady || begun.current) return;
    begun.current = true;
    void check();
  }, [isReady]);

  const accept = (late: Late | null, submit: boolean) =>
    act.run(async () => {
      const job = await client.intake.accept({ importId, late, submit });
      setJobId(job.id);
      say(t(submit ? 'intake.acceptingSubmit' : 'intake.accepting', { count: job.total }));
    });
  const exportFaulty = () =>
    act.run(async () => {
      const file = await client.intake.exportFaulty({ importId, language });
      const { savedAs } = await client.shell.saveFile({ suggestedName: file.fileName, bytes: file.bytes });
      if (savedAs !== null) say(t('ui.savedAs', { path: savedAs }));
    });
  const openMended = (fileName: string, bytes: Uint8Array) =>
    act.run(async () => {
      const mended = await client.intake.open({ fileName, bytes });
      setMending(false);
      onOther(mended.id);
    });
  const abandon = () =>
    act.run(async () => {
      await client.intake.abandon({ importId });
      onClose();
    });

  const job =
    jobs.data?.find((candidate) => candidate.id === jobId) ??
    jobs.data?.find(
      (candidate) => candidate.state === 'running' && candidate.kind.startsWith('intake') && candidate.subject === view?.fileName,
    );
  return (
    <Screen
      title={t('tab.intake')}
      note={view?.fileName}
      isFixed
      testId="screen-import"
      actions={
        <>
          <Button icon={<ArrowLeftOutlined />} onClick={onClose} data-testid="import-back">
            {t('intake.back')}
          </Button>
          {view !== undefined && canTake && view.counts.faulty + view.counts.duplicate > 0 && (
            <>
              <Button icon={<DownloadOutlined />} onClick={exportFaulty} data-testid="export-faulty">
                {t('intake.exportFaulty')}
              </Button>
              <Button onClick={() => setMending(true)} data-testid="import-mended">
                {t('intake.importMended')}
              </Button>
            </>
          )}
          {view !== undefined && canTake && view.state !== 'accepted' && view.state !== 'abandoned' && (
            <Button onClick={abandon} data-testid="abandon">
              {t('intake.abandon')}
            </Button>
          )}
        </>
      }
    >
      <Problem error={problem} />
      <Problem error={act.problem} onClose={act.clear} labels={catalogue.labelsOf(view?.typeId ?? null)} />
      {view !== undefined && (
        <>
          <FileAndColumns view={view} catalogue={catalogue} onRead={() => (begun.current = false)} onCheck={check} isBusy={act.isBusy} />
          {job !== undefined && job.state === 'running' && <JobLine job={job} showSubject={false} />}
          {job !== undefined && job.problem !== null && (
            <ProblemText description={describeCode(job.problem, {}, words, catalogue.labelsOf(view.typeId))} />
          )}
          <ImportRows view={view} catalogue={catalogue} />
          {canTake && <AcceptBar view={view} rules={catalogue.rules} isBusy={act.isBusy || job?.state === 'running'} onAccept={accept} />}
        </>
      )}
      <Dialogue title={t('intake.importMended')} isOpen={isMending} onClose={() => setMending(false)}>
        <FileDrop
          title={t('intake.dropMended')}
          hint={t('intake.dropMendedHint')}
          accept=".xlsx,.csv"
          isBusy={act.isBusy}
          onFile={openMended}
          onTaking={act.clear}
        />
      </Dialogue>
    </Screen>
  );
}

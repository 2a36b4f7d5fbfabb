// One approved batch: PIN, start, the list as it fills, pause, cancel, and what came of it.
import { PauseOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useCallback, useState } from 'react';
import type { BatchView, SealingItem, SealView } from '../../../electron/contract/work.ts';
import { useNavigation } from '../../app/navigation.tsx';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useAct } from '../../station/use-act.ts';
import { usePages } from '../../station/use-pages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useJobWords } from '../../ui/JobLine.tsx';
import { localSeconds } from '../../ui/local-time.ts';
import { MainAction } from '../../ui/MainAction.tsx';
import { useNotice } from '../../ui/Notices.tsx';
import { Problem, ProblemText } from '../../ui/Problem.tsx';
import { StateTag } from '../../ui/StateTag.tsx';
import { type Column, VirtualGrid } from '../../ui/VirtualGrid.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';

interface SealBatchProps {
  readonly batch: BatchView;
  readonly seal: SealView | undefined;
  readonly onChanged: () => void;
}

export function SealBatch({ batch, seal, onChanged }: SealBatchProps) {
  const words = useWords();
  const { t, count } = words;
  const client = useClient();
  const { may } = useDesk();
  const { go } = useNavigation();
  const say = useNotice();
  const act = useAct();
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const fetchItems = useCallback(
    async (offset: number, limit: number) => {
      const { items, total } = await client.sealing.items({ batchId: batch.id, offset, limit });
      return { rows: items, total };
    },
    [client, batch.id],
  );
  const pages = usePages<SealingItem>('sealing', batch.id, fetchItems);
  const { job } = batch;
  const jobWords = useJobWords(job ?? undefined);
  const canSeal = may('sealing', 'prepare');
  const isRunning = job?.state === 'running';
  const isPaused = job?.state === 'paused';

  const start = () =>
    act.run(async () => {
      const grant = await client.sealing.prepare({ batchId: batch.id });
      const { loggedIn } = await client.shell.askPin({
        grantId: grant.grantId,
        tokenLabel: grant.tokenLabel,
        sealName: grant.sealName,
        count: grant.count,
        pinPad: grant.pinPad,
      });
      if (!loggedIn) {
        await client.sealing.release({ grantId: grant.grantId });
        return;
      }
      await client.sealing.start({ grantId: grant.grantId });
      say(t('sealing.started', { count: count(grant.count) }));
      onChanged();
    });
  const change = (work: () => Promise<unknown>) =>
    act.run(async () => {
      await work();
      onChanged();
    });

  const columns: readonly Column<SealingItem>[] = [
    {
      key: 'number',
      title: t('licence.number'),
      width: 'minmax(272px, 2fr)',
      render: (item) => <span className="mono">{item.number}</span>,
    },
    {
      key: 'holder',
      title: t('licence.holder'),
      width: 'minmax(110px, 1.5fr)',
      render: (item) => <span title={item.holderName}>{item.holderName}</span>,
    },
    {
      key: 'state',
      title: t('sealing.result'),
      width: 'minmax(150px, 2fr)',
      render: (item) =>
        item.problem === null ? (
          <StateTag state={item.state} />
        ) : (
          <span title={describeCode(item.problem, {}, words).detail}>
            <StateTag state={item.state} suffix={` · ${describeCode(item.problem, {}, words).title}`} />
          </span>
        ),
    },
    { key: 'at', title: t('sealing.at'), width: '160px', render: (item) => (item.sealedAt === null ? '' : localSeconds(item.sealedAt)) },
  ];

  return (
    <section className="panel" style={{ display: 'flex', flexDirection: 'column', minHeight: 0 }} aria-label={batch.sealName}>
      <div className="panel-head">
        <h2>{batch.sealName}</h2>
        <span className="quiet">
          {t('sealing.counts', {
            size: count(batch.size),
            sealed: count(batch.sealed),
            failed: count(batch.failed),
            left: count(batch.toSeal),
          })}
        </span>
        <div className="row end">
          {canSeal && isRunning && job !== null && (
            <Button
              icon={<PauseOutlined />}
              loading={act.isBusy}
              onClick={() => change(() => client.sealing.pause({ jobId: job.id }))}
              data-testid="seal-pause"
            >
              {t('sealing.pause')}
            </Button>
          )}
          {canSeal && (isRunning || isPaused) && job !== null && (
            <Button onClick={() => change(() => client.jobs.cancel({ jobId: job.id }))} data-testid="seal-cancel">
              {t('ui.cancel')}
            </Button>
          )}
          {canSeal && isPaused && job !== null && batch.grant?.loggedIn === true && (
            <MainAction testId="seal-resume" isBusy={act.isBusy} onClick={() => change(() => client.sealing.resume({ jobId: job.id }))}>
              {t('sealing.resume')}
            </MainAction>
          )}
          {canSeal && !isRunning && !(isPaused && batch.grant?.loggedIn === true) && batch.toSeal > 0 && (
            <MainAction
              testId="seal-start"
              icon={<SafetyCertificateOutlined />}
              isBusy={act.isBusy}
              isDisabled={seal?.key === null || seal?.key === undefined}
              onClick={start}
            >
              {t(batch.sealed + batch.failed > 0 ? 'sealing.goOn' : 'sealing.start', { count: count(batch.toSeal) })}
            </MainAction>
          )}
        </div>
      </div>
      {canSeal && batch.toSeal > 0 && !isRunning && seal !== undefined && seal.key === null && (
        <p className="panel-body tone-warn">{t('sealing.plugIn', { seal: seal.name })}</p>
      )}
      {!canSeal && (
        <div className="panel-body">
          <WhoCan group="sealing" name="prepare" what={t('sealing.what')} />
        </div>
      )}
      {act.problem !== undefined && (
        <div className="panel-body">
          <Problem error={act.problem} onClose={act.clear} />
        </div>
      )}
      {job !== null && job.state !== 'done' && (
        <div className="seal-run" role="status" aria-live="polite" data-testid="seal-progress">
          <span>{jobWords}</span>
          <progress max={Math.max(1, job.total)} value={job.done + job.failed} aria-label={jobWords} />
          {job.problem !== null && <ProblemText description={describeCode(job.problem, {}, words)} />}
        </div>
      )}
      {batch.toSeal === 0 && batch.size > 0 && (
        <div className="seal-run" role="status" data-testid="seal-result">
          <div className="row">
            <StateTag
              state={batch.failed > 0 ? 'failed' : 'sealed'}
              suffix={` · ${t('sealing.end', { sealed: count(batch.sealed), failed: count(batch.failed) })}`}
            />
            <Button size="small" onClick={() => go('licences', { states: ['issued'] })} data-testid="to-hand-over">
              {t('sealing.toHandOver')}
            </Button>
          </div>
        </div>
      )}
      <VirtualGrid
        label={t('sealing.items')}
        testId="sealing-items"
        columns={columns}
        total={pages.total}
        rowAt={pages.rowAt}
        rowKey={(item) => item.licenceId}
        onRange={pages.onRange}
        current={current}
        onCurrent={setCurrent}
        onOpen={(index) => {
          const item = pages.rowAt(index);
          if (item !== undefined) go('licences', { licenceId: item.licenceId });
        }}
        empty={<EmptyState title={t('ui.loading')} />}
      />
    </section>
  );
}

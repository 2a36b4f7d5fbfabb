// Long work as a line: count, rate, time left, cancel. It goes on when the person leaves the screen.
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { JobView } from '../../electron/contract/work.ts';
import { useWords } from '../station/language.tsx';
import { useClient } from '../station/StationProvider.tsx';
import { useDesk } from '../station/session.tsx';
import { useAct } from '../station/use-act.ts';

export interface Pace {
  readonly perSecond: number;
  readonly secondsLeft: number;
}

/** Measured over what this window has seen of the job, from the second report on. */
export function usePace(job: JobView | undefined): Pace | undefined {
  const begun = useRef<{ readonly id: string; readonly done: number; readonly atMs: number } | undefined>(undefined);
  const [pace, setPace] = useState<Pace | undefined>(undefined);
  const id = job?.id;
  const handled = job === undefined ? 0 : job.done + job.failed;
  const total = job?.total ?? 0;
  const isRunning = job?.state === 'running';
  useEffect(() => {
    if (id === undefined || !isRunning) {
      begun.current = undefined;
      setPace(undefined);
      return;
    }
    const nowMs = performance.now();
    if (begun.current?.id !== id || handled < begun.current.done) begun.current = { id, done: handled, atMs: nowMs };
    const seconds = (nowMs - begun.current.atMs) / 1000;
    const done = handled - begun.current.done;
    if (seconds < 0.4 || done < 1) return;
    const perSecond = done / seconds;
    setPace({ perSecond, secondsLeft: Math.ceil((total - handled) / perSecond) });
  }, [id, handled, total, isRunning]);
  return pace;
}

export function useJobWords(job: JobView | undefined): string {
  const { t, count, maybe } = useWords();
  const pace = usePace(job);
  if (job === undefined) return '';
  const parts = [`${maybe(`job.${job.kind}`) ?? job.kind}`, `${count(job.done + job.failed)} / ${count(job.total)}`];
  if (job.failed > 0) parts.push(t('job.failedCount', { count: count(job.failed) }));
  if (job.state !== 'running') parts.push(maybe(`jobState.${job.state}`) ?? job.state);
  else if (pace !== undefined)
    parts.push(
      t('job.pace', {
        rate: pace.perSecond >= 10 ? Math.round(pace.perSecond) : pace.perSecond.toFixed(1),
        left: duration(pace.secondsLeft, t),
      }),
    );
  return parts.join(' · ');
}

function duration(seconds: number, t: ReturnType<typeof useWords>['t']): string {
  if (seconds < 60) return t('ui.seconds', { count: seconds });
  return t('ui.minutes', { count: Math.ceil(seconds / 60) });
}

export function JobLine({ job, showSubject = true }: { readonly job: JobView; readonly showSubject?: boolean }) {
  const { t } = useWords();
  const client = useClient();
  const { may } = useDesk();
  const act = useAct();
  const text = useJobWords(job);
  return (
    <div className="job" data-testid="job" data-state={job.state}>
      <span className="words clip" title={`${text} ${job.subject}`}>
        {text}
        {showSubject && <span className="quiet"> · {job.subject}</span>}
      </span>
      <progress aria-label={text} max={Math.max(1, job.total)} value={job.done + job.failed} />
      {job.cancellable && may('jobs', 'cancel') && (
        <Button
          size="small"
          loading={act.isBusy}
          onClick={() => act.run(() => client.jobs.cancel({ jobId: job.id }))}
          data-testid="job-cancel"
        >
          {t('ui.cancel')}
        </Button>
      )}
    </div>
  );
}

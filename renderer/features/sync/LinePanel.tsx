// The line to the library in words, and the queue of the last 14 days as a small picture.
import type { DeliveryView } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { DayAxis } from '../../ui/DayAxis.tsx';
import { localTime } from '../../ui/local-time.ts';

const MB = 1_048_576;

export function LinePanel({ delivery }: { readonly delivery: DeliveryView }) {
  const { t, count } = useWords();
  const { line, since, lastDeliveredAt, nextAttemptAt, library, oldestUndeliveredAt, undeliveredBytes, paused, days, counts } = delivery;
  const most = Math.max(1, ...days.map(({ enqueued, acknowledged }) => Math.max(enqueued, acknowledged)));
  const says = days.map((day) => t('sync.daySays', { day: day.day, queued: day.enqueued, delivered: day.acknowledged }));
  const waiting = counts.queued + counts.sending;
  return (
    <section
      className="panel"
      style={{ flex: 'none', display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) minmax(220px, 380px)' }}
      aria-label={t('sync.line')}
    >
      <div className="panel-body column" style={{ gap: 4 }} role="status" aria-live="polite" data-testid="line-state" data-line={line}>
        <div className="strong" style={{ fontSize: 16 }}>
          {t(paused ? 'sync.paused' : `line.${line}`)}
          {since !== null && !paused && <span className="quiet"> · {t('sync.since', { time: localTime(since) })}</span>}
        </div>
        <div>{t(paused ? 'sync.pausedSays' : `line.${line}Says`)}</div>
        <div className="quiet">
          {lastDeliveredAt === null ? t('sync.neverDelivered') : t('sync.lastDelivered', { time: localTime(lastDeliveredAt) })}
          {nextAttemptAt !== null && !paused && ` · ${t('sync.nextAttempt', { time: localTime(nextAttemptAt) })}`}
        </div>
        {waiting > 0 && (
          <div className="quiet">
            {t('sync.waiting', { count: count(waiting), size: (undeliveredBytes / MB).toFixed(1) })}
            {oldestUndeliveredAt !== null && ` · ${t('sync.oldest', { time: localTime(oldestUndeliveredAt) })}`}
          </div>
        )}
        {library !== null && (
          <div className="small quiet">
            {library.name} · <span className="mono">{library.url}</span>
          </div>
        )}
      </div>
      <div>
        <div className="bars" style={{ height: 72 }} role="img" aria-label={says.join('; ')}>
          {days.map((day, index) => (
            <div className="bar" key={day.day} title={says[index]} style={{ flexDirection: 'row', alignItems: 'flex-end', gap: 1 }}>
              <i className="b1" style={{ flex: 1, height: `${(day.enqueued / most) * 100}%` }} />
              <i className="b2" style={{ flex: 1, height: `${(day.acknowledged / most) * 100}%` }} />
            </div>
          ))}
        </div>
        <DayAxis
          days={days}
          legend={[
            { bar: 'b1', text: t('sync.enqueued') },
            { bar: 'b2', text: t('sync.delivered') },
          ]}
        />
      </div>
    </section>
  );
}

// The head of the frame: which office, in which mode, what day, how long yet, the line, the key, what is undelivered.
import { ClockCircleOutlined, CloudOutlined, DisconnectOutlined, InboxOutlined, KeyOutlined, WarningOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import type { DeliveryView, KeysView } from '../../electron/contract/work.ts';
import { useWords } from '../station/language.tsx';
import { useDesk } from '../station/session.tsx';
import { useCall } from '../station/use-call.ts';
import { dayWithWeekday, localTime, minutesUntil } from '../ui/local-time.ts';
import { useNavigation } from './navigation.tsx';

const MINUTE_MS = 60_000;

/** The station's clock, carried on by this window's monotonic one. */
function useStationNow(now: string): number {
  const [epochMs, setEpochMs] = useState(() => Date.parse(now));
  useEffect(() => {
    const begun = performance.now();
    const atMs = Date.parse(now);
    setEpochMs(atMs);
    const timer = setInterval(() => setEpochMs(atMs + performance.now() - begun), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, [now]);
  return epochMs;
}

export function FrameHead({ delivery }: { readonly delivery: DeliveryView | undefined }) {
  const { t, name, count } = useWords();
  const { session, office } = useDesk();
  const { go } = useNavigation();
  const keys = useCall('sealing', 'keys', {});
  const waiting =
    delivery === undefined
      ? undefined
      : delivery.counts.queued + delivery.counts.sending + delivery.counts.refused + delivery.counts.quarantined;
  return (
    <header className="frame-head">
      <div className="frame-office">
        <span data-testid="office">{office === null ? t('frame.noOffice') : name(office.name, office.nameEn)}</span>
        {session.profile === 'training' && (
          <span className="training-badge" data-testid="training-badge">
            {t('frame.training')}
          </span>
        )}
        {session.profile === 'acceptance' && <span className="acceptance-badge">{t('frame.acceptance')}</span>}
      </div>
      <div className="frame-facts">
        <Today />
        <Line delivery={delivery} />
        <Keys keys={keys.data} />
        <button type="button" className="frame-fact" onClick={() => go('sync')} data-testid="undelivered">
          <InboxOutlined aria-hidden="true" /> {t('frame.undelivered', { count: waiting === undefined ? '…' : count(waiting) })}
        </button>
      </div>
    </header>
  );
}

function Today() {
  const { t, language } = useWords();
  const { session, office } = useDesk();
  const nowMs = useStationNow(session.now);
  const left = office === null ? undefined : minutesUntil(office.closesAt, nowMs);
  return (
    <>
      <span className="frame-fact" data-testid="today-day">
        {t('frame.today')} {dayWithWeekday(session.today, language)}
        {session.demoClock && <span className="mark">{t('frame.demoClock')}</span>}
      </span>
      {left !== undefined && (
        <span className={`frame-fact ${left <= 30 && left > 0 ? 'tone-warn' : ''}`}>
          <ClockCircleOutlined aria-hidden="true" />
          {left > 0 ? t('frame.untilClosing', { hours: Math.floor(left / 60), minutes: left % 60 }) : t('frame.closed')}
        </span>
      )}
    </>
  );
}

function Line({ delivery }: { readonly delivery: DeliveryView | undefined }) {
  const { t } = useWords();
  const { go } = useNavigation();
  if (delivery === undefined) return null;
  const isOnline = delivery.line === 'online' || delivery.line === 'busy';
  const since = delivery.since === null ? '' : t('sync.since', { time: localTime(delivery.since) });
  return (
    <button type="button" className="frame-fact" onClick={() => go('sync')} title={since} data-testid="line" data-line={delivery.line}>
      {isOnline ? (
        <CloudOutlined aria-hidden="true" />
      ) : delivery.line === 'refusedUs' ? (
        <WarningOutlined aria-hidden="true" />
      ) : (
        <DisconnectOutlined aria-hidden="true" />
      )}
      {t(`line.${delivery.line}`)}
    </button>
  );
}

function Keys({ keys }: { readonly keys: KeysView | undefined }) {
  const { t } = useWords();
  const { go } = useNavigation();
  if (keys === undefined) return null;
  const plugged = keys.seals.filter((seal) => seal.key !== null);
  const locked = plugged.some((seal) => seal.key?.pin === 'locked');
  const state = locked ? 'locked' : plugged.length > 0 ? 'plugged' : keys.otherKeys.length > 0 ? 'other' : 'none';
  return (
    <button type="button" className="frame-fact" onClick={() => go('seals')} data-testid="key-state" data-key={state}>
      <KeyOutlined aria-hidden="true" /> {t(`key.${state}`)}
    </button>
  );
}

// The outbox items of one licence, and its hand-over at the counter.
import type { LicenceDetail } from '../../../electron/contract/licence.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { localTime } from '../../ui/local-time.ts';
import { StateTag } from '../../ui/StateTag.tsx';
import { Receipt } from '../sync/Receipt.tsx';

export function LicenceDelivery({ detail }: { readonly detail: LicenceDetail }) {
  const words = useWords();
  const { t, maybe } = words;
  const { outbox, handOver } = detail;
  return (
    <>
      <h2>{t('licence.toLibrary')}</h2>
      {outbox.length === 0 && <p className="quiet">{t('licence.notYetDelivered')}</p>}
      {outbox.map((item) => (
        <div key={item.id} className="column" style={{ gap: 2 }}>
          <div className="row">
            <span className="strong">{maybe(`outbox.${item.kind}`) ?? item.kind}</span>
            <StateTag state={item.state} />
            {item.attempts > 0 && <span className="quiet small">{t('sync.attempts', { count: item.attempts })}</span>}
          </div>
          {item.receivedAt !== null && <span className="quiet">{t('licence.receivedAt', { time: localTime(item.receivedAt) })}</span>}
          {item.receiptId !== null && <Receipt id={item.id} receiptId={item.receiptId} />}
          {item.problem !== null && (
            <span className={item.state === 'refused' || item.state === 'quarantined' ? 'tone-warn' : 'quiet'}>
              {describeCode(item.problem, {}, words).title}
            </span>
          )}
        </div>
      ))}
      <h2>{t('licence.handOver')}</h2>
      {handOver === null ? (
        <p className="quiet">{t('licence.notHandedOverYet')}</p>
      ) : (
        <dl className="facts">
          <dt>{t('handOver.collector')}</dt>
          <dd>
            {handOver.collectorName} · {t(`handOver.collector.${handOver.collector}`)}
          </dd>
          <dt>{t('handOver.identified')}</dt>
          <dd>{t(`handOver.identified.${handOver.identified}`)}</dd>
          <dt>{t('handOver.given')}</dt>
          <dd>{handOver.given.map((each) => t(`handOver.given.${each}`)).join(' · ')}</dd>
          <dt>{t('handOver.paper')}</dt>
          <dd>{handOver.paperSerial ?? t('handOver.electronicOnly')}</dd>
          <dt>{t('handOver.by')}</dt>
          <dd>
            {handOver.by} · {localTime(handOver.at)}
          </dd>
          {handOver.note !== '' && [<dt key="note">{t('handOver.note')}</dt>, <dd key="note-text">{handOver.note}</dd>]}
        </dl>
      )}
    </>
  );
}

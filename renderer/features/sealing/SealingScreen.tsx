// Sealing: the key as a card, the approved batches it may seal, the PIN in its own window, then a list that fills.
import { useMemo } from 'react';
import type { BatchView } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useKept } from '../../station/StationProvider.tsx';
import { useDesk } from '../../station/session.tsx';
import { useCall } from '../../station/use-call.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localTime } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { WhoCan } from '../../ui/WhoCan.tsx';
import { KeyCard } from '../seals/KeyCard.tsx';
import { SealBatch } from './SealBatch.tsx';

const none: readonly BatchView[] = [];

export function SealingScreen() {
  const { t, count } = useWords();
  const { may } = useDesk();
  const canSee = may('sealing', 'batches');
  const batches = useCall('sealing', 'batches', canSee ? {} : null);
  const keys = useCall('sealing', 'keys', {});
  const [chosenId, setChosenId] = useKept<string | undefined>('sealing.batch', undefined);
  const list = batches.data ?? none;
  const chosen = list.find(({ id }) => id === chosenId) ?? list.find(({ toSeal }) => toSeal > 0) ?? list[0];
  const seal = keys.data?.seals.find(({ id }) => id === chosen?.sealId);
  const waiting = useMemo(() => list.reduce((sum, { toSeal }) => sum + toSeal, 0), [list]);

  if (!canSee)
    return (
      <Screen title={t('tab.sealing')} testId="screen-sealing">
        <Panel>
          <div className="panel-body">
            <WhoCan group="sealing" name="batches" what={t('sealing.what')} />
          </div>
        </Panel>
      </Screen>
    );
  return (
    <Screen title={t('tab.sealing')} note={t('sealing.waiting', { count: count(waiting) })} isFixed testId="screen-sealing">
      <Problem error={batches.problem ?? keys.problem} />
      {chosen === undefined ? (
        <div className="grid grow">
          <EmptyState title={batches.data === undefined ? t('ui.loading') : t('sealing.empty')}>{t('sealing.emptyHint')}</EmptyState>
        </div>
      ) : (
        <div className="sealing">
          <div className="column">
            {seal !== undefined && (
              <Panel title={t('sealing.key')}>
                <KeyCard seal={seal} problems={keys.data?.problems ?? []} />
              </Panel>
            )}
            <section className="panel grow scroll" aria-label={t('sealing.batches')}>
              <div className="panel-head">
                <h2>{t('sealing.batches')}</h2>
              </div>
              <div className="batch-list">
                {list.map((batch) => (
                  <button
                    type="button"
                    key={batch.id}
                    className="batch"
                    aria-pressed={batch.id === chosen.id}
                    onClick={() => setChosenId(batch.id)}
                    data-testid={`batch-${batch.id}`}
                  >
                    <span className="strong">{batch.sealName}</span>
                    <span className={batch.toSeal > 0 ? 'strong' : 'quiet'}>
                      {t('sealing.ofSize', { sealed: count(batch.sealed), size: count(batch.size) })}
                    </span>
                    <span className="small quiet">
                      {t('sealing.approvedBy', { person: batch.approvedBy, time: localTime(batch.approvedAt) })}
                    </span>
                    {batch.failed > 0 && <span className="small tone-warn">{t('sealing.failedCount', { count: batch.failed })}</span>}
                  </button>
                ))}
              </div>
            </section>
          </div>
          <SealBatch
            key={chosen.id}
            batch={chosen}
            seal={seal}
            onChanged={() => {
              // The batch being sealed stays before the eyes when nothing of it is left to seal.
              setChosenId(chosen.id);
              batches.refetch();
            }}
          />
        </div>
      )}
    </Screen>
  );
}

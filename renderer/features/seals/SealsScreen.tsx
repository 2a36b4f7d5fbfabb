// Seals: what needs doing first, each seal as a card with its picture, its certificates, its key, its register of use.
import { Button } from 'antd';
import { useState } from 'react';
import type { SealView } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useDesk } from '../../station/session.tsx';
import { useCall } from '../../station/use-call.ts';
import { useCatalogue } from '../../station/use-catalogue.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localDay, localTime } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';
import { Panel, Screen } from '../../ui/Screen.tsx';
import { KeyCard } from './KeyCard.tsx';
import { SealUses } from './SealUses.tsx';

/** What needs a hand stands first. */
const urgency: Readonly<Record<SealView['use'], number>> = {
  expired: 0,
  notYetValid: 1,
  certificateNotListed: 2,
  driverProblem: 3,
  renewSoon: 4,
  noKey: 5,
  ready: 6,
};

export function SealsScreen() {
  const { t, count } = useWords();
  const { may } = useDesk();
  const catalogue = useCatalogue();
  const { data, problem } = useCall('sealing', 'keys', {});
  const [registerOf, setRegisterOf] = useState<SealView | undefined>(undefined);
  const seals = [...(data?.seals ?? [])].sort((left, right) => urgency[left.use] - urgency[right.use]);
  return (
    <Screen title={t('tab.seals')} note={t('seals.note')} testId="screen-seals">
      <Problem error={problem} />
      {data !== undefined && seals.length === 0 && (
        <Panel>
          <EmptyState title={t('seals.empty')}>{t('seals.emptyHint')}</EmptyState>
        </Panel>
      )}
      {(data?.problems ?? []).map(({ driver, code, detail }) => (
        <p className="problem" key={`${driver}${code}`}>
          {t('seal.driverProblem', { driver, code })} {detail}
        </p>
      ))}
      <div className="seal-cards">
        {seals.map((seal) => (
          <section className="panel" key={seal.id} aria-label={seal.name} data-testid={`seal-${seal.id}`}>
            <KeyCard seal={seal} problems={[]} size={132} />
            <div className="panel-body" style={{ borderTop: '1px solid var(--line-soft)' }}>
              <dl className="facts">
                <dt>{t('seal.issuer')}</dt>
                <dd>{seal.issuerName}</dd>
                <dt>{t('seal.kind')}</dt>
                <dd>
                  {t(`sealKind.${seal.kind}`)} · <span className="mono">{seal.code}</span>
                </dd>
                <dt>{t('seal.valid')}</dt>
                <dd>
                  {seal.validFrom} — {seal.validTo}
                </dd>
                <dt>{t('seal.types')}</dt>
                <dd>{seal.typeIds.map((typeId) => catalogue.typeName(typeId)).join(' · ')}</dd>
                {seal.certificates.map((certificate) => [
                  <dt key={certificate.hash}>{t('seal.certificate')}</dt>,
                  <dd key={`${certificate.hash}-value`}>
                    {certificate.subject}
                    <div className="small quiet">
                      {t('seal.certificateSays', {
                        issuer: certificate.issuer,
                        from: localDay(certificate.notBefore),
                        until: localDay(certificate.notAfter),
                        algorithm: certificate.algorithm ?? '—',
                      })}
                    </div>
                    <div className="code-small">{certificate.serialNumber}</div>
                  </dd>,
                ])}
                <dt>{t('seal.used')}</dt>
                <dd>
                  {t('seal.usedTimes', { count: count(seal.usedTotal) })}
                  {seal.lastUsedAt !== null && ` · ${t('seal.lastUsed', { time: localTime(seal.lastUsedAt) })}`}
                </dd>
              </dl>
              {may('seals', 'uses') && (
                <Button size="small" style={{ marginTop: 8 }} onClick={() => setRegisterOf(seal)} data-testid={`register-${seal.id}`}>
                  {t('seal.register')}
                </Button>
              )}
            </div>
          </section>
        ))}
      </div>
      {(data?.otherKeys.length ?? 0) > 0 && (
        <Panel title={t('seals.otherKeys')}>
          <ul className="panel-body">
            {data?.otherKeys.map((key) => (
              <li key={key.serial}>
                {key.label} · <span className="mono">{key.serial}</span> · {key.software ? t('seal.software') : key.driver}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <p className="quiet small">{t('seals.later')}</p>
      {registerOf !== undefined && <SealUses seal={registerOf} onClose={() => setRegisterOf(undefined)} />}
    </Screen>
  );
}

// What a provisioning package says, in the words of the letter it comes with.
import { CheckCircleOutlined, ExclamationCircleFilled } from '@ant-design/icons';
import type { OfficePackageView } from '../../../electron/contract/people.ts';
import { useWords } from '../../station/language.tsx';
import { localTime } from '../../ui/local-time.ts';

export function PackageSays({ says, fileName }: { readonly says: OfficePackageView; readonly fileName: string }) {
  const { t, name } = useWords();
  const fitting = says.types.filter(({ fits }) => fits);
  return (
    <section aria-label={t('package.says')} data-testid="package-says">
      <h2>{t('package.says')}</h2>
      <dl className="facts">
        <dt>{t('package.file')}</dt>
        <dd className="code-small">{fileName}</dd>
        <dt>{t('package.unit')}</dt>
        <dd className="strong" data-testid="package-unit">
          {name(says.unit.name, says.unit.nameEn)}
        </dd>
        <dt>{t('package.station')}</dt>
        <dd>
          <span className="mono">{says.stationId}</span> · {t(`profileName.${says.profile}`)}
        </dd>
        <dt>{t('package.sequence')}</dt>
        <dd data-testid="package-sequence">
          {t('package.sequenceSays', { sequence: says.sequence, at: localTime(says.issuedAt) })}
          {says.inForce !== null && <span className="quiet"> {t('package.sequenceInForce', { sequence: says.inForce.sequence })}</span>}
        </dd>
        <dt>{t('package.issuers', { count: says.issuers.length })}</dt>
        <dd>{says.issuers.map((issuer) => name(issuer.name, issuer.nameEn)).join(t('package.and'))}</dd>
        <dt>{t('package.seals', { count: says.seals.length })}</dt>
        <dd>
          <ul>
            {says.seals.map((seal) => (
              <li key={seal.name}>
                {seal.name} <span className="quiet">{t('package.seal', { custodian: seal.custodian, day: seal.validTo })}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('package.people', { count: says.people.length })}</dt>
        <dd>
          <ul>
            {says.people.map((person) => (
              <li key={person.id}>
                {person.name}{' '}
                <span className="quiet">
                  {person.roles.map((role) => t(`role.${role}`)).join(' / ')}
                  {person.headOfOffice && ` · ${t('role.head')}`}
                </span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('package.library')}</dt>
        <dd>
          {says.library.name} <span className="code-small">{says.library.url}</span>
        </dd>
        <dt>{t('package.types', { count: says.types.length })}</dt>
        <dd>
          <Fits fits={fitting.length === says.types.length} />{' '}
          <span className="quiet">
            {says.types
              .map((type) => `${name(type.name, type.nameEn)} ${type.version}${type.fits ? '' : ` (${t('package.fitsNot')})`}`)
              .join(t('package.and'))}
          </span>
        </dd>
        <dt>{t('package.rulePack')}</dt>
        <dd>
          <Fits fits={says.rulePack.fits} />{' '}
          <span className="quiet">
            {says.rulePack.id} {says.rulePack.version}
          </span>
        </dd>
      </dl>
    </section>
  );
}

function Fits({ fits }: { readonly fits: boolean }) {
  const { t } = useWords();
  return (
    <span className={`state ${fits ? 'tone-good' : 'tone-warn'}`}>
      {fits ? <CheckCircleOutlined aria-hidden="true" /> : <ExclamationCircleFilled aria-hidden="true" />}
      {t(fits ? 'package.fits' : 'package.fitsNot')}
    </span>
  );
}

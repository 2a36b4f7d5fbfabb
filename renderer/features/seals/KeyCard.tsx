// One seal with the key that carries it: picture, name, certificate, PIN tries, custodian.
import { CheckCircleOutlined, DisconnectOutlined, ExclamationCircleFilled, KeyOutlined, WarningOutlined } from '@ant-design/icons';
import type { KeysView, SealView } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { localDay } from '../../ui/local-time.ts';
import { SealPicture } from '../../ui/SealPicture.tsx';

const toneOf = {
  ready: 'good',
  renewSoon: 'warn',
  noKey: 'plain',
  certificateNotListed: 'warn',
  notYetValid: 'warn',
  expired: 'warn',
  driverProblem: 'warn',
} as const satisfies Record<SealView['use'], string>;

export function KeyCard({
  seal,
  problems,
  size = 112,
}: {
  readonly seal: SealView;
  readonly problems: KeysView['problems'];
  readonly size?: number;
}) {
  const { t } = useWords();
  const { key } = seal;
  const certificate = seal.certificates.find(({ hash }) => hash === key?.certificateHash) ?? seal.certificates[0];
  return (
    <div className="key-card" data-testid={`key-card-${seal.id}`} data-use={seal.use}>
      <SealPicture image={seal.image} name={seal.name} size={size} />
      <div className="column" style={{ gap: 4, flex: '1 1 200px' }}>
        <div className="strong">{seal.name}</div>
        <SealUseWord use={seal.use} />
        <div className="row" style={{ gap: 6, flexWrap: 'nowrap' }}>
          {key === null ? <DisconnectOutlined aria-hidden="true" /> : <KeyOutlined aria-hidden="true" />}
          {key === null ? t('seal.noKey') : `${key.label} · ${key.software ? t('seal.software') : key.driver}`}
        </div>
        {key !== null && (
          <div className={key.pin === 'ok' || key.pin === 'unknown' ? 'quiet' : 'tone-warn'}>
            {t(`pinState.${key.pin}`)}
            {key.pinPad && ` · ${t('seal.pinPad')}`}
          </div>
        )}
        {certificate !== undefined && <div className="quiet">{t('seal.certificateUntil', { day: localDay(certificate.notAfter) })}</div>}
        <div className="quiet">{t('seal.custodian', { person: seal.custodian })}</div>
        {key === null &&
          problems.map((problem) => (
            <div className="tone-warn small" key={problem.driver}>
              {t('seal.driverProblem', { driver: problem.driver, code: problem.code })}
            </div>
          ))}
      </div>
    </div>
  );
}

export function SealUseWord({ use }: { readonly use: SealView['use'] }) {
  const { t } = useWords();
  const icon =
    use === 'ready' ? (
      <CheckCircleOutlined />
    ) : use === 'noKey' ? (
      <DisconnectOutlined />
    ) : use === 'renewSoon' ? (
      <WarningOutlined />
    ) : (
      <ExclamationCircleFilled />
    );
  return (
    <span className={`state tone-${toneOf[use]}`}>
      <span aria-hidden="true">{icon}</span>
      {t(`sealUse.${use}`)}
    </span>
  );
}

// What the verifier says, in words: valid, invalid or cannot tell, and every finding for it.

import {
  CheckCircleFilled,
  CheckOutlined,
  CloseCircleFilled,
  CloseOutlined,
  InfoCircleOutlined,
  QuestionCircleFilled,
  QuestionOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import {
  type Finding,
  type FindingWeight,
  findingWeights,
  type RevisionView,
  type SignatureView,
} from '../../../electron/contract/verification.ts';
import type { VerifiedFile } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { localDay, localSeconds, localTime } from '../../ui/local-time.ts';

const icons = { valid: <CheckCircleFilled />, invalid: <CloseCircleFilled />, cannotTell: <QuestionCircleFilled /> } as const;
const looks: Readonly<Record<FindingWeight, { readonly tone: string; readonly icon: ReactNode }>> = {
  invalid: { tone: 'warn', icon: <CloseOutlined /> },
  cannotTell: { tone: 'plain', icon: <QuestionOutlined /> },
  remark: { tone: 'quiet', icon: <InfoCircleOutlined /> },
};

export function Verdict({ view, isShort = false }: { readonly view: VerifiedFile; readonly isShort?: boolean }) {
  const { t, count } = useWords();
  const { verification, own, checkedAt } = view;
  const { result, findings, signatures, revisions } = verification;
  return (
    <div className="column" data-testid="verdict" data-result={result}>
      <div className={`verdict ${result}`} role="status" aria-live="polite">
        <span className="icon" aria-hidden="true">
          {icons[result]}
        </span>
        <div>
          <div className="word">{t(`verdict.${result}`)}</div>
          <p>{t(`verdict.${result}Says`)}</p>
        </div>
      </div>
      {own !== null && (
        <p className="state tone-good" style={{ whiteSpace: 'normal' }}>
          <CheckOutlined aria-hidden="true" />
          {t('verify.own', { number: own.number, status: own.legalStatus === null ? '—' : t(`state.${own.legalStatus}`) })}
        </p>
      )}
      <Findings findings={findings.filter(({ signature }) => signature === null)} />
      {signatures.map((signature, index) => (
        <Signature
          key={signature.field === '' ? `#${index}` : signature.field}
          signature={signature}
          number={index + 1}
          findings={findings.filter((finding) => finding.signature === index)}
        />
      ))}
      {!isShort && (
        <>
          {revisions.length > 0 && (
            <section>
              <h2>{t('verify.revisions')}</h2>
              <ol style={{ listStyle: 'decimal', paddingLeft: 22 }}>
                {revisions.map((revision) => (
                  <li key={revision.endsAtByte}>
                    <RevisionLine revision={revision} />
                  </li>
                ))}
              </ol>
            </section>
          )}
          <dl className="facts">
            <dt>{t('verify.checkedAt')}</dt>
            <dd>{t('verify.checkedOffline', { time: localSeconds(checkedAt) })}</dd>
            <dt>{t('verify.size')}</dt>
            <dd>{t('verify.bytes', { count: count(verification.sizeBytes) })}</dd>
            <dt>SHA-256</dt>
            <dd className="code-small">{verification.fileHash}</dd>
            {verification.firstRevisionHash !== null && verification.firstRevisionHash !== verification.fileHash && (
              <>
                <dt>{t('verify.firstRevision')}</dt>
                <dd className="code-small">{verification.firstRevisionHash}</dd>
              </>
            )}
          </dl>
        </>
      )}
    </div>
  );
}

function RevisionLine({ revision }: { readonly revision: RevisionView }) {
  const { t, count } = useWords();
  const added = revision.changes.map((change) => {
    if (change.kind !== 'annotatedCopy') return t(`verify.adds.${change.kind}`);
    const copy = { purpose: change.purpose, maker: change.maker, madeAt: copyTime(change.madeAt) };
    return change.until === '' ? t('verify.adds.copy', copy) : t('verify.adds.copyUntil', { ...copy, until: copyTime(change.until) });
  });
  return (
    <>
      {added.join(' · ')}
      <span className="quiet small">
        {' '}
        {t('verify.revisionEnds', { byte: count(revision.endsAtByte) })} ·{' '}
        {revision.signature === null ? t('verify.revisionUnsigned') : t('verify.revisionSigned', { number: revision.signature + 1 })}
      </span>
      {revision.refused.map((code) => (
        <div key={code} className="tone-warn" data-code={code}>
          {t(`verify.${code}`)}
        </div>
      ))}
    </>
  );
}

/** 14 digits, local time, as people read it. */
const copyTime = (digits: string): string => digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)\d\d$/, '$1-$2-$3 $4:$5');

interface SignatureProps {
  readonly signature: SignatureView;
  readonly number: number;
  readonly findings: readonly Finding[];
}

function Signature({ signature, number, findings }: SignatureProps) {
  const { t } = useWords();
  const { signer, signedAt, revocation } = signature;
  return (
    <section className="column" style={{ gap: 6 }} aria-label={t('verify.signature', { number })}>
      <h2>{t(signature.kind === 'timestamp' ? 'verify.timestamp' : 'verify.signature', { number })}</h2>
      <dl className="facts">
        {signer !== null && (
          <>
            <dt>{t('verify.signer')}</dt>
            <dd>
              {signer.organization === '' || signer.organization === signer.name ? signer.name : `${signer.name} · ${signer.organization}`}
              {signer.code !== '' && <div className="code-small">{signer.code}</div>}
            </dd>
            <dt>{t('verify.certificate')}</dt>
            <dd>
              {localDay(signer.certificateFrom)} — {localDay(signer.certificateUntil)}
              {signature.algorithm !== null && ` · ${signature.algorithm}`}
            </dd>
          </>
        )}
        <dt>{t('verify.intact')}</dt>
        <dd>{t(signature.intact ? 'verify.intactYes' : 'verify.intactNo')}</dd>
        <dt>{t('verify.covers')}</dt>
        <dd>{t(signature.coversWholeDocument ? 'verify.coversWhole' : 'verify.coversPart')}</dd>
        <dt>{t('verify.chain')}</dt>
        <dd>{t(`chain.${signature.chain}`)}</dd>
        {signedAt !== null && (
          <>
            <dt>{t('verify.signedAt')}</dt>
            <dd>
              {localTime(signedAt)} · {t(`timeProof.${signature.timeProof}`)}
              {signature.provenAt !== null && ` ${localTime(signature.provenAt)}`}
            </dd>
          </>
        )}
        <dt>{t('verify.revocation')}</dt>
        <dd>
          {t(`revocation.${revocation.state}`)}
          {revocation.listFrom !== null && ` · ${t('verify.listFrom', { day: localDay(revocation.listFrom) })}`}
        </dd>
      </dl>
      <Findings findings={findings} />
    </section>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t } = useWords();
  return (
    <ul>
      {findings.map(({ code }) => {
        const look = looks[findingWeights[code]];
        return (
          <li className={`reason tone-${look.tone}`} key={code} style={{ fontWeight: 400 }} data-code={code}>
            <span aria-hidden="true">{look.icon}</span>
            <span>{t(`verify.${code}`)}</span>
          </li>
        );
      })}
    </ul>
  );
}

// What the verifier says, in words: valid, invalid or cannot tell, and every reason for it.
import { CheckCircleFilled, CheckOutlined, CloseCircleFilled, CloseOutlined, InfoOutlined, QuestionCircleFilled, QuestionOutlined } from '@ant-design/icons';
import type { SignatureView, VerificationReason, VerificationView } from '../../../electron/contract/verification.ts';
import { useWords } from '../../station/language.tsx';
import { localDay, localSeconds, localTime } from '../../ui/local-time.ts';

const icons = { valid: <CheckCircleFilled />, invalid: <CloseCircleFilled />, cannotTell: <QuestionCircleFilled /> } as const;
const weights = {
  good: { tone: 'good', icon: <CheckOutlined /> },
  bad: { tone: 'warn', icon: <CloseOutlined /> },
  unknown: { tone: 'plain', icon: <QuestionOutlined /> },
  note: { tone: 'quiet', icon: <InfoOutlined /> },
} as const;

export function Verdict({ view, isShort = false }: { readonly view: VerificationView; readonly isShort?: boolean }) {
  const { t, maybe } = useWords();
  const { result, own } = view;
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
        <p>
          {t('verify.own', { number: own.number })} · {maybe(`state.${own.legalStatus}`) ?? own.legalStatus}
        </p>
      )}
      <Reasons reasons={view.reasons} />
      {view.signatures.map((signature) => (
        <Signature key={signature.field} signature={signature} />
      ))}
      {!isShort && (
        <>
          <h2>{t('verify.revisions')}</h2>
          <ol style={{ listStyle: 'decimal', paddingLeft: 22 }}>
            {view.revisions.map((revision) => (
              <li key={revision.number}>{maybe(`verify.adds.${revision.adds}`) ?? revision.adds}</li>
            ))}
          </ol>
          <dl className="facts">
            <dt>{t('verify.checkedAt')}</dt>
            <dd>{t('verify.checkedOffline', { time: localSeconds(view.checkedAt) })}</dd>
            <dt>SHA-256</dt>
            <dd className="code-small">{view.sha256}</dd>
          </dl>
        </>
      )}
    </div>
  );
}

function Signature({ signature }: { readonly signature: SignatureView }) {
  const { t } = useWords();
  const { certificateFrom, certificateUntil, signedAt } = signature;
  return (
    <section className="column" style={{ gap: 6 }} aria-label={signature.signer}>
      <h2>
        {t('verify.signature')} · {t(`verdict.${signature.result}`)}
      </h2>
      <dl className="facts">
        <dt>{t('verify.signer')}</dt>
        <dd>{signature.signer}</dd>
        <dt>{t('verify.issuer')}</dt>
        <dd>
          {signature.issuer} · {t(`chain.${signature.chain}`)}
        </dd>
        {signedAt !== null && [<dt key="at">{t('verify.signedAt')}</dt>, <dd key="at-value">{`${localTime(signedAt)} · ${t(`timeSource.${signature.timeSource}`)}`}</dd>]}
        {certificateFrom !== null && certificateUntil !== null && [<dt key="cert">{t('verify.certificate')}</dt>, <dd key="cert-value">{`${localDay(certificateFrom)} — ${localDay(certificateUntil)} · ${signature.algorithm}`}</dd>]}
        <dt>{t('verify.covers')}</dt>
        <dd>{t(signature.coversWholeFile ? 'verify.coversWhole' : 'verify.coversPart')}</dd>
      </dl>
      <Reasons reasons={signature.reasons} />
    </section>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly VerificationReason[] }) {
  const { maybe, t } = useWords();
  return (
    <ul>
      {reasons.map((reason, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed, and a code may stand in it twice
        <li className={`reason tone-${weights[reason.weight].tone}`} key={`${reason.code}${index}`} style={{ fontWeight: 400 }} data-code={reason.code}>
          <span aria-hidden="true">{weights[reason.weight].icon}</span>
          <span>{maybe(`verify.${reason.code}`, reason.details) ?? t('verify.otherReason', { code: reason.code })}</span>
        </li>
      ))}
    </ul>
  );
}

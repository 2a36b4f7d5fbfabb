// The fingerprint beside the authority's letter: said to agree, and its end typed from the letter, so that nobody only clicks.
import { Checkbox, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useWords } from '../../station/language.tsx';

const GROUP = 4;
const TYPED = 8;

interface CompareFingerprintProps {
  readonly fingerprint: string;
  readonly onCompared: (isCompared: boolean) => void;
}

export function CompareFingerprint({ fingerprint, onCompared }: CompareFingerprintProps) {
  const { t } = useWords();
  const [agrees, setAgrees] = useState(false);
  const [typed, setTyped] = useState('');
  // As people copy from paper: with gaps, in capitals, full-width with an input method left on.
  const plain = typed.normalize('NFKC').replaceAll(/[\s-]/g, '').toLowerCase();
  const isRight = plain === fingerprint.slice(-TYPED);
  const isWrong = plain.length >= TYPED && !isRight;
  const isCompared = agrees && isRight;
  useEffect(() => onCompared(isCompared), [onCompared, isCompared]);
  const groups = fingerprint.match(new RegExp(`.{${GROUP}}`, 'g')) ?? [];
  return (
    <section className="column" aria-label={t('fingerprint.title')} data-testid="fingerprint">
      <h2>{t('fingerprint.title')}</h2>
      <p>{t('fingerprint.says')}</p>
      <div className="fingerprint" data-testid="fingerprint-groups">
        {groups.map((group, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two groups may be alike, and their order never changes
          <span key={index}>{group}</span>
        ))}
      </div>
      <Checkbox checked={agrees} onChange={(event) => setAgrees(event.target.checked)}>
        <span data-testid="fingerprint-agrees">{t('fingerprint.agrees')}</span>
      </Checkbox>
      <div className="row">
        <label htmlFor="fingerprint-end">{t('fingerprint.end')}</label>
        <Input
          id="fingerprint-end"
          className="mono"
          style={{ width: 180 }}
          value={typed}
          maxLength={20}
          autoComplete="off"
          spellCheck={false}
          status={isWrong ? 'error' : ''}
          aria-invalid={isWrong}
          onChange={(event) => setTyped(event.target.value)}
          data-testid="fingerprint-end"
        />
        <span role="status" className={isWrong ? 'tone-warn' : 'tone-good'} data-testid="fingerprint-end-says">
          {isWrong ? t('fingerprint.endWrong') : isRight ? t('fingerprint.endRight') : ''}
        </span>
      </div>
    </section>
  );
}

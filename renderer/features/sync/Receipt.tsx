// The library's signed receipt for one item, whole, as it was received.
import { useState } from 'react';
import type { OutboxRow } from '../../../electron/contract/work.ts';
import { useWords } from '../../station/language.tsx';
import { useCall } from '../../station/use-call.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { localSeconds } from '../../ui/local-time.ts';
import { Problem } from '../../ui/Problem.tsx';

export function Receipt({ id, receiptId }: { readonly id: OutboxRow['id']; readonly receiptId: string }) {
  const { t } = useWords();
  const [isOpen, setOpen] = useState(false);
  const { data, problem } = useCall('delivery', 'receipt', isOpen ? { id } : null);
  return (
    <>
      <button type="button" className="link mono" style={{ alignSelf: 'start' }} onClick={() => setOpen(true)} data-testid="receipt">
        {receiptId}
      </button>
      <Dialogue title={t('receipt.title')} isOpen={isOpen} onClose={() => setOpen(false)} width={680}>
        <Problem error={problem} />
        {data !== undefined && (
          <dl className="facts" data-testid="receipt-facts">
            <dt>{t('receipt.id')}</dt>
            <dd className="mono">{data.receiptId}</dd>
            <dt>{t('receipt.library')}</dt>
            <dd>{data.library}</dd>
            <dt>{t('receipt.at')}</dt>
            <dd>{localSeconds(data.receivedAt)}</dd>
            <dt>{t('receipt.identifier')}</dt>
            <dd className="code-small">{data.identifier}</dd>
            <dt>{t('receipt.hash')}</dt>
            <dd className="code-small">{data.contentHash}</dd>
            <dt>{t('receipt.repeat')}</dt>
            <dd>{t(data.repeat ? 'receipt.repeated' : 'receipt.first')}</dd>
            <dt>{t('receipt.signature')}</dt>
            <dd className="code-small">{data.signature}</dd>
            <dt>{t('receipt.text')}</dt>
            <dd className="code-small">{data.text}</dd>
          </dl>
        )}
      </Dialogue>
    </>
  );
}

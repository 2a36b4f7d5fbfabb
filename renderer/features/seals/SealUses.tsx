// The register of use of one seal (R33): when, who, for which licence, with what result.
import { useCallback, useState } from 'react';
import type { SealUseEntry, SealView } from '../../../electron/contract/work.ts';
import { describeCode } from '../../station/describe-error.ts';
import { useWords } from '../../station/language.tsx';
import { useClient } from '../../station/StationProvider.tsx';
import { usePages } from '../../station/use-pages.ts';
import { Dialogue } from '../../ui/Dialogue.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { localSeconds } from '../../ui/local-time.ts';
import { VirtualGrid } from '../../ui/VirtualGrid.tsx';

export function SealUses({ seal, onClose }: { readonly seal: SealView; readonly onClose: () => void }) {
  const words = useWords();
  const { t, maybe, count } = words;
  const client = useClient();
  const [current, setCurrent] = useState<number | undefined>(undefined);
  const fetchUses = useCallback(
    async (offset: number, limit: number) => {
      const { entries, total } = await client.seals.uses({ sealId: seal.id, offset, limit });
      return { rows: entries, total };
    },
    [client, seal.id],
  );
  const pages = usePages<SealUseEntry>('seals', seal.id, fetchUses);
  const resultOf = (result: string) =>
    maybe(`sealResult.${result}`) ?? (/^[A-Z_]{4,}$/.test(result) ? describeCode(result, {}, words).title : result);
  return (
    <Dialogue title={t('seal.registerOf', { name: seal.name })} isOpen onClose={onClose} width={900}>
      <div style={{ height: '56vh', display: 'flex' }}>
        <VirtualGrid
          label={t('seal.register')}
          testId="seal-uses"
          total={pages.total}
          rowAt={pages.rowAt}
          rowKey={(entry) => `${entry.at}${entry.licenceNumber}${entry.result}`}
          onRange={pages.onRange}
          current={current}
          onCurrent={setCurrent}
          columns={[
            { key: 'at', title: t('seal.useAt'), width: '170px', render: ({ at }) => localSeconds(at) },
            { key: 'person', title: t('seal.usePerson'), width: 'minmax(90px, 1fr)', render: ({ person }) => person },
            {
              key: 'number',
              title: t('licence.number'),
              width: 'minmax(240px, 2fr)',
              render: ({ licenceNumber }) => <span className="mono">{licenceNumber}</span>,
            },
            { key: 'result', title: t('seal.useResult'), width: 'minmax(120px, 1.4fr)', render: ({ result }) => resultOf(result) },
          ]}
          empty={
            <EmptyState title={pages.hasCome ? t('seal.noUses') : t('ui.loading')}>
              {pages.hasCome ? t('seal.noUsesHint') : undefined}
            </EmptyState>
          }
          foot={pages.total > 0 ? t('rows.foot', { count: count(pages.total) }) : undefined}
        />
      </div>
    </Dialogue>
  );
}

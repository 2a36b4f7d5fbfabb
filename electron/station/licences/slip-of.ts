// The hand-over slip a collector signs (R02, R37): what was collected, by whom, how identified.
import { StationError } from '../../contract/station-error.ts';
import { typeVersion } from '../catalogue/catalogue.ts';
import { renderSlip } from '../documents/slip.ts';
import { localDayOf } from '../platform/clock.ts';
import type { Words } from '../platform/words.ts';
import type { StationContext } from '../station-context.ts';
import { handOverOf } from '../store/queries/sealing.ts';
import { requireLicence } from './draft.ts';
import { maskCode } from './views.ts';

const chineseDay = (day: string): string => `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;

export function handOverSlip(ctx: StationContext, id: string, words: Words): { readonly fileName: string; readonly bytes: Uint8Array } {
  const licence = requireLicence(ctx, id);
  const handOver = handOverOf(ctx.db, id);
  if (handOver === undefined) throw new StationError('STATE_CONFLICT', { state: licence.state });
  const { type } = typeVersion(ctx.catalogue, licence.typeId, licence.typeVersion);
  const office = ctx.office();
  const line = (key: string, value: string) => ({ label: words(`slip.${key}`), value });
  const bytes = renderSlip(ctx.renderer, {
    title: words('slip.title'),
    subtitle: office.setup.unit.name,
    lines: [
      line('licence', type.name),
      line('number', licence.number ?? ''),
      line('identifier', licence.identifier ?? ''),
      line('holder', `${licence.holderName}　${maskCode(licence.holderCode)}`),
      line('matter', licence.matterNumber),
      line('conclusionDay', chineseDay(licence.conclusionDay)),
      line('collector', `${handOver.collectorName}（${words(`handOver.collector.${handOver.collector}`)}）`),
      line('identified', words(`handOver.identified.${handOver.identified}`)),
      line('given', handOver.givenJson.map((given) => words(`handOver.given.${given}`)).join('、')),
      line('paper', handOver.paperSerial ?? words('slip.electronicOnly')),
      line('handedBy', `${office.personName(handOver.personId)}　${chineseDay(localDayOf(handOver.at))}`),
      ...(handOver.note === '' ? [] : [line('note', handOver.note)]),
    ],
    notes: [words('slip.noteOriginal'), words('slip.noteVerify')],
    signatureLines: [words('slip.collectorSignature'), words('slip.day')],
    training: ctx.profile === 'training',
  });
  return { fileName: `${words('slip.title')}_${licence.number ?? ''}.pdf`.replace(/[\\/:*?"<>|\s]/g, '_'), bytes };
}

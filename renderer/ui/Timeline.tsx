// One of a licence's two lives as a short list, oldest first.
import type { LicenceDetail } from '../../electron/contract/licence.ts';
import { describeCode } from '../station/describe-error.ts';
import { useWords } from '../station/language.tsx';
import { localTime } from './local-time.ts';

export function Timeline({ entries, label }: { readonly entries: LicenceDetail['legalLife']; readonly label: string }) {
  const words = useWords();
  // A note may be a code of the error table: people read its words.
  const noteOf = (note: string) =>
    words.maybe(`outbox.${note}`) ?? (/^[A-Z][A-Z_]{3,}$/.test(note) ? describeCode(note, {}, words).title : note);
  return (
    <ol className="timeline" aria-label={label}>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
        <li key={index}>
          <span className="strong">{words.maybe(`timeline.${entry.what}`) ?? entry.what}</span>{' '}
          <span className="quiet">
            {localTime(entry.at)}
            {entry.person !== null && ` · ${entry.person}`}
          </span>
          {entry.note !== '' && <div>{noteOf(entry.note)}</div>}
        </li>
      ))}
    </ol>
  );
}

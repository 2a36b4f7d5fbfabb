// Filter chips: each a word and, where known, its number.
import type { ReactNode } from 'react';
import { useWords } from '../station/language.tsx';

export interface Chip<K extends string> {
  readonly key: K;
  readonly label: ReactNode;
  readonly count?: number;
}

interface ChipsProps<K extends string> {
  readonly label: string;
  readonly chips: readonly Chip<K>[];
  readonly chosen: readonly K[];
  readonly onToggle: (key: K) => void;
  readonly testId?: string;
}

export function Chips<K extends string>({ label, chips, chosen, onToggle, testId }: ChipsProps<K>) {
  const { count } = useWords();
  return (
    <fieldset className="chips" aria-label={label} style={{ border: 0, margin: 0, padding: 0 }}>
      {chips.map((chip) => (
        <button
          type="button"
          key={chip.key}
          className="chip"
          aria-pressed={chosen.includes(chip.key)}
          onClick={() => onToggle(chip.key)}
          {...(testId === undefined ? {} : { 'data-testid': `${testId}-${chip.key}` })}
        >
          {chip.label}
          {chip.count !== undefined && <span className="chip-count">{count(chip.count)}</span>}
        </button>
      ))}
    </fieldset>
  );
}

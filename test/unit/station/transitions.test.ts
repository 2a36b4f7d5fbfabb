import { describe, expect, it } from 'vitest';
import { LicenceState } from '../../../electron/contract/licence.ts';
import { isAllowed, type LicenceEvent, next, transitions } from '../../../electron/station/licences/transitions.ts';

/** The law as domain.md has it, written once more by hand: `.` is refused. */
const LAW = {
  //                draft       submitted   approved    sealing     issued voided
  submit: ['submitted', '.', '.', '.', '.', '.'],
  return: ['.', 'draft', '.', '.', '.', '.'],
  approve: ['.', 'approved', '.', '.', '.', '.'],
  beginSealing: ['.', '.', 'sealing', '.', '.', '.'],
  completeSealing: ['.', '.', '.', 'issued', '.', '.'],
  failSealing: ['.', '.', '.', 'approved', '.', '.'],
  void: ['voided', 'voided', 'voided', '.', '.', '.'],
} as const satisfies Record<LicenceEvent, readonly string[]>;

const cells = Object.entries(LAW).flatMap(([event, row]) =>
  LicenceState.options.map((state, column) => ({ event: event as LicenceEvent, state, to: row[column] ?? '.' })),
); // keys of LAW are the events

describe('licences.transitions', () => {
  it('knows exactly the events of the law', () => {
    expect(Object.keys(transitions).sort()).toEqual(Object.keys(LAW).sort());
    expect(cells).toHaveLength(7 * 6);
  });

  it.each(cells)('$state + $event → $to', ({ event, state, to }) => {
    expect(isAllowed(state, event)).toBe(to !== '.');
    if (to === '.') {
      expect(() => next(state, event)).toThrow(expect.objectContaining({ code: 'STATE_CONFLICT', details: { state } }));
    } else expect(next(state, event)).toBe(to);
  });
});

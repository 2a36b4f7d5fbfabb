// Hand-over (R02, R37): who collected, how they were identified, what they were given, and the slip they sign. A matter is
// closed only with it.
import type { HandOver } from '../../contract/licence.ts';
import { StationError } from '../../contract/station-error.ts';
import { appendAudit } from '../records/audit.ts';
import type { Actor, StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { setHandedOver } from '../store/queries/licences.ts';
import { insertHandOver } from '../store/queries/sealing.ts';
import { requireLicence } from './draft.ts';

export function recordHandOver(ctx: StationContext, id: string, handOver: HandOver, actor: Actor): void {
  const licence = requireLicence(ctx, id);
  if (licence.handedOver) throw new StationError('HAND_OVER_DONE');
  if (licence.state !== 'issued' || licence.legalStatus !== 'valid')
    throw new StationError('STATE_CONFLICT', { state: licence.legalStatus ?? licence.state });
  // R02: paper that was given has its serial on record.
  if (handOver.given.includes('paper') !== (handOver.paperSerial !== null))
    throw new StationError('INPUT_INVALID', { field: 'paperSerial', problem: 'missing' });
  inTransaction(ctx.db, (db) => {
    const at = appendAudit(db, ctx.clock, {
      personId: actor.personId,
      kind: 'licence.handedOver',
      subject: id,
      detail: { collector: handOver.collector, paper: handOver.paperSerial === null ? 'electronicOnly' : 'paper' },
    });
    insertHandOver(db, id, handOver, actor.personId, at);
    setHandedOver(db, licence);
  });
  ctx.changed({ kind: 'licences', ids: [id] });
}

// The first screen: today's river, what must be done, and "can we issue today?". Counts and states only.
import { statfsSync } from 'node:fs';
import type { TodayView } from '../../contract/work.ts';
import { typesOn } from '../catalogue/catalogue.ts';
import { isRulePackInForce } from '../catalogue/rule-pack.ts';
import { rowView } from '../licences/views.ts';
import { addDays, instantOf, localDayOf, todayOf } from '../platform/clock.ts';
import { type KeySurvey, readinessOf } from '../seals/keys.ts';
import type { StationContext } from '../station-context.ts';
import { countByDay, countByStateOnDay, countDeliveredOfDay, countOpenByState, mustDo, type RowRecord } from '../store/queries/licences.ts';
import { readOutboxFigures } from '../store/queries/outbox.ts';
import { lastAudit } from '../store/queries/records.ts';
import { numbersLeft } from '../store/queries/workspace.ts';

type Checks = TodayView['checks'];
const DAYS = 14;
const MUST_DO = 200;
/** Below this the disk cannot take a day's licences, their copies and the log. */
const DISK_STOP_MB = 500;
const DISK_WARN_MB = 2_000;
const NUMBERS_WARN = 200;
const UNDELIVERED_WARN_DAYS = 3;

const STOPS = {
  draft: 'toSubmit',
  submitted: 'toReview',
  approved: 'toSeal',
  sealing: 'sealing',
  issued: 'toHandOver',
  voided: 'toHandOver',
} as const;
const stopOf = (row: RowRecord) => (row.state === 'draft' && row.returnReason !== null ? 'toMend' : STOPS[row.state]);

/** `survey` is undefined where the token host did not answer. */
export function today(ctx: StationContext, workspaceDir: string, survey: KeySurvey | undefined): TodayView {
  const day = todayOf(ctx.clock);
  const ofDay = new Map(countByStateOnDay(ctx.db, day).map((r) => [r.state, r.n]));
  const open = new Map(countOpenByState(ctx.db).map((r) => [r.state, r.n]));
  const { rows, total } = mustDo(ctx.db, MUST_DO);
  const counted = new Map(countByDay(ctx.db, addDays(day, 1 - DAYS), day).map((d) => [d.conclusionDay, d]));
  return {
    day,
    river: {
      concluded: [...ofDay].reduce((sum, [state, n]) => (state === 'voided' ? sum : sum + n), 0),
      toReview: open.get('submitted') ?? 0,
      toSeal: (open.get('approved') ?? 0) + (open.get('sealing') ?? 0),
      issued: ofDay.get('issued') ?? 0,
      delivered: countDeliveredOfDay(ctx.db, day),
    },
    mustDo: rows.map((row) => ({ row: rowView(ctx, row), stop: stopOf(row) })),
    mustDoTotal: total,
    checks: [
      profileCheck(ctx),
      diskCheck(workspaceDir),
      clockCheck(ctx),
      ...keyChecks(ctx, survey),
      numbersCheck(ctx, day),
      catalogueCheck(ctx, day),
      { id: 'backup', state: 'info', text: 'check.backup.info', details: {} },
      undeliveredCheck(ctx, day),
    ],
    days: Array.from({ length: DAYS }, (_, index) => {
      const at = addDays(day, index + 1 - DAYS);
      const found = counted.get(at);
      return { day: at, concluded: found?.concluded ?? 0, issuedSameDay: found?.sameDay ?? 0, issuedLate: found?.late ?? 0 };
    }),
  };
}

const line = (id: Checks[number]['id'], state: Checks[number]['state'], details: Checks[number]['details'] = {}): Checks[number] => ({
  id,
  state,
  text: `check.${id}.${state}`,
  details,
});

const profileCheck = (ctx: StationContext) => line('profile', ctx.profile === 'production' ? 'ok' : 'info', { profile: ctx.profile });

function diskCheck(dir: string) {
  const { bavail, bsize } = statfsSync(dir);
  const freeMb = Math.floor((bavail * bsize) / 1_048_576);
  return line('disk', freeMb < DISK_STOP_MB ? 'stop' : freeMb < DISK_WARN_MB ? 'warn' : 'ok', { freeMb });
}

function clockCheck(ctx: StationContext) {
  const last = lastAudit(ctx.db)?.at ?? '';
  return line('clock', instantOf(ctx.clock) < last ? 'stop' : 'ok', { last });
}

function keyChecks(ctx: StationContext, survey: KeySurvey | undefined): Checks {
  if (survey === undefined) return [line('key', 'stop')];
  const uses = ctx.office().setup.seals.map((seal) => ({ seal, use: readinessOf(ctx, seal, survey) }));
  const usable = uses.filter(({ use }) => use === 'ready' || use === 'renewSoon').length;
  const key = line('key', usable === 0 ? 'stop' : usable < uses.length ? 'warn' : 'ok', { usable, seals: uses.length });
  const expired = uses.filter(({ use }) => use === 'expired').length;
  const renew = uses.filter(({ use }) => use === 'renewSoon').length;
  return [key, line('certificate', expired > 0 ? 'stop' : renew > 0 ? 'warn' : 'ok', { expired, renew })];
}

function numbersCheck(ctx: StationContext, day: string) {
  const left = typesOn(ctx.catalogue, day)
    .filter(({ type }) => type.coding.source === 'station')
    .map(({ type }) => numbersLeft(ctx.db, type.code, Number(day.slice(0, 4))));
  const least = left.length === 0 ? 0 : Math.min(...left);
  return line('numbers', least === 0 ? 'stop' : least < NUMBERS_WARN ? 'warn' : 'ok', { least });
}

function catalogueCheck(ctx: StationContext, day: string) {
  const types = typesOn(ctx.catalogue, day).length;
  const { id, version } = ctx.rulePack;
  return line('catalogue', types === 0 || !isRulePackInForce(ctx.rulePack, day) ? 'stop' : 'ok', { types, rulePack: `${id} ${version}` });
}

function undeliveredCheck(ctx: StationContext, day: string) {
  const { counts, oldestUndeliveredAt } = readOutboxFigures(ctx.db, []);
  const waiting = counts.queued + counts.sending;
  const person = counts.refused + counts.quarantined;
  const isOld = oldestUndeliveredAt !== null && localDayOf(oldestUndeliveredAt) < addDays(day, -UNDELIVERED_WARN_DAYS);
  return line('undelivered', person > 0 || isOld ? 'warn' : 'ok', { waiting, person });
}

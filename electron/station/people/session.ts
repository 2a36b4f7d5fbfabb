// Who sits at the station: sign-in with a passphrase, waiting time after wrong ones, sign-out (R38). One session per
// connection. Must not decide rights: the contract names the roles of each call.
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PersonEntry } from '../../contract/office.ts';
import type { OfficeView, PersonView, SessionView } from '../../contract/people.ts';
import { StationError } from '../../contract/station-error.ts';
import { instantOf, todayOf } from '../platform/clock.ts';
import { appendAudit } from '../records/audit.ts';
import type { StationContext } from '../station-context.ts';
import { inTransaction } from '../store/database.ts';
import { clearSignInFailure, countSignInFailure, readSignInFailure } from '../store/queries/workspace.ts';

const derive = promisify<string, Uint8Array, number, { N: number; r: number; p: number }, Buffer>(scrypt);

/** Wrong tries that cost nothing; each further one doubles the waiting time, from 15 s up to 15 min. */
const FREE_TRIES = 3;
const waitSecondsAfter = (failures: number): number => (failures < FREE_TRIES ? 0 : Math.min(15 * 2 ** (failures - FREE_TRIES), 900));

export async function passphraseFits(passphrase: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt = '', hash = ''] = stored.split('$');
  const expected = Buffer.from(hash, 'base64');
  const found = await derive(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64'), expected.length, {
    N: Number(n),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(found, expected);
}

export class Session {
  readonly #ctx: StationContext;
  #person: PersonEntry | undefined;

  constructor(ctx: StationContext) {
    this.#ctx = ctx;
  }

  get person(): PersonEntry | undefined {
    return this.#person;
  }

  /** SIGN_IN_WRONG says neither whether the person exists nor how many tries there were, only how long to wait. */
  async signIn(personId: string, passphrase: string): Promise<void> {
    const { db, clock } = this.#ctx;
    const failure = readSignInFailure(db, personId);
    const waitUntilMs = failure === undefined ? 0 : Date.parse(failure.lastAt) + waitSecondsAfter(failure.count) * 1_000;
    const waitSeconds = Math.ceil((waitUntilMs - clock.nowMs()) / 1_000);
    if (waitSeconds > 0) throw new StationError('SIGN_IN_WRONG', { waitSeconds });
    const person = this.#ctx.office().person(personId);
    // Spent first, given back after: many tries at once must not all be looked at before one of them counts.
    inTransaction(db, (w) => countSignInFailure(w, personId, instantOf(clock)));
    if (person === undefined || !(await passphraseFits(passphrase, person.passphrase))) {
      inTransaction(db, (w) => appendAudit(w, clock, { personId: person?.id ?? null, kind: 'session.refused', subject: 'station' }));
      throw new StationError('SIGN_IN_WRONG', { waitSeconds: waitSecondsAfter((failure?.count ?? 0) + 1) });
    }
    inTransaction(db, (w) => {
      clearSignInFailure(w, personId);
      appendAudit(w, clock, { personId, kind: 'session.signedIn', subject: 'station' });
    });
    this.#person = person;
  }

  signOut(): void {
    const person = this.#person;
    if (person === undefined) return;
    this.#person = undefined;
    inTransaction(this.#ctx.db, (w) =>
      appendAudit(w, this.#ctx.clock, { personId: person.id, kind: 'session.signedOut', subject: 'station' }),
    );
  }

  /** After a new package: the rights it gives count from now on, and who is no longer in it is signed out. */
  readAgain(): void {
    if (this.#person === undefined) return;
    const now = this.#ctx.office().person(this.#person.id);
    if (now === undefined) this.signOut();
    else this.#person = now;
  }

  view(demo: { readonly demoClock: boolean; readonly hint: SessionView['trainingHint'] }): SessionView {
    const ctx = this.#ctx;
    const office = officeOrNull(ctx);
    return {
      profile: ctx.profile,
      office,
      person: this.#person === undefined ? null : personView(this.#person),
      people: office === null ? [] : ctx.office().setup.people.map(personView),
      today: todayOf(ctx.clock),
      now: instantOf(ctx.clock),
      demoClock: demo.demoClock,
      trainingHint: ctx.profile === 'training' ? demo.hint : null,
    };
  }
}

const personView = ({ id, name, roles, headOfOffice }: PersonEntry): PersonView => ({ id, name, roles, headOfOffice });

function officeOrNull(ctx: StationContext): OfficeView | null {
  try {
    const { setup } = ctx.office();
    return {
      stationId: setup.stationId,
      name: setup.unit.name,
      nameEn: setup.unit.nameEn,
      closesAt: setup.unit.closesAt,
      issuers: setup.issuers.map(({ id, name, nameEn }) => ({ id, name, nameEn })),
    };
  } catch (error) {
    if (error instanceof StationError && error.code === 'OFFICE_NOT_SET_UP') return null;
    throw error;
  }
}

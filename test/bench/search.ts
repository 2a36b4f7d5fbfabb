// Finding licences through the contract, as the window asks: what people type, and the filters and figures beside it.
import { personOf } from '../support/made-people.ts';
import type { BenchProcesses } from './processes.ts';

export interface Timed {
  readonly what: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export interface SearchFigures {
  /** All typed searches together, as many of each kind. */
  readonly typed: Timed;
  readonly kinds: readonly Timed[];
  /** Filters, Today, the queue's figures. */
  readonly others: readonly Timed[];
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
const timed = (what: string, milliseconds: readonly number[]): Timed => {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return { what, p50Ms: quantile(sorted, 0.5), p95Ms: quantile(sorted, 0.95) };
};

/** `licences`: how many the workspace was filled with. Signed in as a clerk. */
export async function measureSearch({ station }: BenchProcesses, licences: number, times: number): Promise<SearchFigures> {
  const { client } = station;
  const people = Array.from({ length: 2_000 }, (_, index) => personOf((index * 7_919) % licences));
  const named = (length: number) => people.map(({ name }) => name).filter((name) => [...name].length === length);
  const { rows } = await client.licences.find({ limit: 500 });
  const numbers = rows.flatMap(({ number }) => number ?? []);
  const matters = rows.map(({ matterNumber }) => matterNumber);
  const kinds: Readonly<Record<string, readonly string[]>> = {
    'name of two characters': named(2),
    'surname alone': people.map(({ name }) => [...name][0] ?? ''),
    'name of three characters': named(3),
    'part of a name': named(3).map((name) => [...name].slice(1).join('')),
    'beginning of an identity code': people.map(({ code }) => code.slice(0, 10)),
    'last four characters': people.map(({ code }) => code.slice(-4)),
    'last six characters': people.map(({ code }) => code.slice(-6)),
    'matter number': matters,
    'end of a licence number': numbers.map((number) => number.replace(/\D/g, '').slice(-8)),
    'what is not there': people.map((_, index) => `龘龘${index}`),
  };
  const run = async (ask: (time: number) => Promise<unknown>): Promise<number[]> => {
    const milliseconds: number[] = [];
    for (let time = 0; time < times; time++) {
      const beganMs = performance.now();
      await ask(time);
      milliseconds.push(performance.now() - beganMs);
    }
    return milliseconds;
  };
  const all: number[] = [];
  const typed: Timed[] = [];
  for (const [what, texts] of Object.entries(kinds)) {
    const milliseconds = await run((time) => client.licences.find({ text: texts[(time * 37) % texts.length] ?? '' }));
    all.push(...milliseconds);
    typed.push(timed(what, milliseconds));
  }
  const surname = (time: number): string => [...(people[time * 31]?.name ?? '王')][0] ?? '王';
  const others: Readonly<Record<string, (time: number) => Promise<unknown>>> = {
    'no filter': () => client.licences.find({}),
    'state: draft': () => client.licences.find({ states: ['draft'] }),
    'state: issued': () => client.licences.find({ states: ['issued'] }),
    'one type': () => client.licences.find({ typeIds: ['caifa'] }),
    'not handed over': () => client.licences.find({ notHandedOver: true }),
    'delivery: queued': () => client.licences.find({ delivery: ['queued'] }),
    'delivery: acknowledged': () => client.licences.find({ delivery: ['acknowledged'] }),
    'surname and one type': (time) => client.licences.find({ text: surname(time), typeIds: ['caifa'] }),
    'surname and issued': (time) => client.licences.find({ text: surname(time), states: ['issued'] }),
    'today.overview': () => client.today.overview({}),
    'delivery.state': () => client.delivery.state({}),
  };
  const rest: Timed[] = [];
  for (const [what, ask] of Object.entries(others)) rest.push(timed(what, await run(ask)));
  return { typed: timed('all typed searches', all), kinds: typed, others: rest };
}

// How long sealing takes and where: the station's own pipeline in this process, its keys in a real token host, with a
// stopwatch at each of the places where it leaves for the store or the key.
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SignatureAlgorithm } from '../../electron/contract/token.contract.ts';
import { PersonId } from '../../electron/contract/values.ts';
import { createHandlers } from '../../electron/station/handlers.ts';
import { openStation } from '../../electron/station/station.ts';
import { makeWorkspace, TODAY } from '../support/fill-workspace.ts';
import { asCsv, madeRegister } from '../support/made-register.ts';
import { tokenHostOf } from './processes.ts';

export interface SealingFigures {
  readonly licencesPerSecond: number;
  /** Mean milliseconds a licence by stage, in order. */
  readonly split: readonly (readonly [stage: string, milliseconds: number])[];
  readonly longestStallMs: number;
  /** The floor of the same run: the key alone, one signature after the other through the token host. */
  readonly signaturesPerSecond: number;
  /** Database bytes a licence that is issued and waits for delivery. */
  readonly mainBytes: number;
  readonly documentBytes: number;
}

const TYPE_OF: Readonly<Record<SignatureAlgorithm, string>> = { 'RSA-SHA256': 'caifa', 'ECDSA-P256-SHA256': 'guihua' };

export async function measureSealing(
  dir: string,
  profile: 'training' | 'acceptance',
  algorithm: SignatureAlgorithm,
  count: number,
): Promise<SealingFigures> {
  const made = await makeWorkspace(mkdtempSync(path.join(dir, 'sealing-')), profile);
  const { office, config } = made;
  const tokenHost = tokenHostOf(office.tokenHost, office);
  await tokenHost.start();
  const station = await openStation(config, { tokens: tokenHost.client.token, onChange: () => undefined, write: () => undefined });
  const h = createHandlers(station);
  await station.setUpOffice(new Uint8Array(readFileSync(office.provisioningPath)), office.authorityFingerprint);
  const signIn = async (role: 'clerk' | 'reviewer' | 'custodian') => {
    const person = office.setup.people.find((p) => p.roles.includes(role));
    await h.session.signIn({ personId: PersonId.parse(person?.id ?? ''), passphrase: office.passphrase }, undefined);
  };
  const finish = async (jobId: string) => {
    let job = station.jobs.view(jobId);
    for (; job.state === 'running'; job = station.jobs.view(jobId)) await sleep(5);
    if (job.state !== 'done' || job.failed > 0) throw new Error(`${job.kind} ${job.state} ${job.problem}`);
  };
  const { ctx } = station;
  const sizeOf = () => {
    ctx.db.pragma('wal_checkpoint(TRUNCATE)');
    return statSync(path.join(config.workspaceDir, 'station.db')).size;
  };
  try {
    const emptyBytes = sizeOf();
    await signIn('clerk');
    const type = ctx.catalogue.entries.find((e) => e.type.id === TYPE_OF[algorithm])?.type;
    if (type === undefined) throw new Error('no such type');
    const opened = await h.intake.open({ fileName: 'bench.csv', bytes: asCsv(madeRegister(type, count, TODAY)) }, undefined);
    await finish((await h.intake.check({ importId: opened.id }, undefined)).id);
    await finish((await h.intake.accept({ importId: opened.id, late: null, submit: true }, undefined)).id);
    await signIn('reviewer');
    for (;;) {
      const { rows } = await h.review.queue({ typeId: type.id }, undefined);
      if (rows.length === 0) break;
      const items = [];
      for (const { id } of rows) {
        const approvedHash = (await h.licences.view({ id }, undefined)).approvedHash ?? '';
        items.push({ id, approvedHash });
        await h.review.shown({ id, approvedHash }, undefined);
      }
      await h.review.approve({ items, count: items.length }, undefined);
    }
    await signIn('custodian');
    const watch = stopwatch(station);
    const stalls = monitorEventLoopDelay({ resolution: 2 });
    let sealMs = 0;
    for (const batch of await h.sealing.batches({}, undefined)) {
      const { grantId } = await h.sealing.prepare({ batchId: batch.id }, undefined);
      await tokenHost.client.token.login({ grantId, pin: new TextEncoder().encode(office.pin) });
      stalls.enable();
      const beganMs = performance.now();
      watch.begin();
      await finish((await h.sealing.start({ grantId }, undefined)).id);
      sealMs += performance.now() - beganMs;
      stalls.disable();
    }
    const split = watch.split(count);
    const signaturesPerSecond = await bareSignatures();
    const documentBytes = statSync(path.join(config.workspaceDir, `documents-${TODAY.slice(0, 4)}.db`)).size;
    return {
      licencesPerSecond: (count * 1_000) / sealMs,
      split,
      longestStallMs: Math.max(0, stalls.max / 1e6 - 2),
      signaturesPerSecond,
      mainBytes: (sizeOf() - emptyBytes) / count,
      documentBytes: documentBytes / count,
    };
  } finally {
    await station.close();
    await tokenHost.stop();
    rmSync(made.baseDir, { recursive: true });
  }

  /** One more grant for the last batch's key; the station's own pipeline is not in the way. */
  async function bareSignatures(): Promise<number> {
    const TIMES = 200;
    const issuerId = office.setup.bindings.find((b) => b.typeId === TYPE_OF[algorithm])?.issuerId;
    const token = office.tokens.find((t) => t.issuerId === issuerId);
    if (token === undefined) throw new Error('no token');
    const [certificate] = await tokenHost.client.token.certificates({ tokenSerial: token.serial });
    if (certificate === undefined) throw new Error('no certificate');
    const grantId = ctx.ids.next();
    const { BatchId } = await import('../../electron/contract/values.ts');
    await tokenHost.client.token.grant({
      grantId,
      batchId: BatchId.parse(ctx.ids.next()),
      custodianId: PersonId.parse('zhangmin'),
      tokenSerial: token.serial,
      certificateHash: certificate.certificateHash,
      signatures: TIMES,
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    });
    await tokenHost.client.token.login({ grantId, pin: new TextEncoder().encode(office.pin) });
    const beganMs = performance.now();
    for (let time = 0; time < TIMES; time++)
      await tokenHost.client.token.sign({ grantId, toSign: new Uint8Array(150).fill(time), algorithm });
    return (TIMES * 1_000) / (performance.now() - beganMs);
  }
}

/** Marks each leave and return; what lies between two marks is the pure work between them. */
function stopwatch({ ctx }: Awaited<ReturnType<typeof openStation>>) {
  const spent = new Map<string, number>();
  let lastMs = performance.now();
  let isRunning = false;
  const upTo = (stage: string): void => {
    const nowMs = performance.now();
    if (isRunning) spent.set(stage, (spent.get(stage) ?? 0) + nowMs - lastMs);
    lastMs = nowMs;
  };
  let before = 'other';
  const around = <A extends readonly unknown[], R>(stage: string, after: string, work: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      upTo(before);
      const result = work(...args);
      const done = (): void => {
        upTo(stage);
        before = after;
      };
      if (result instanceof Promise) void result.then(done, done);
      else done();
      return result;
    };
  };
  const { documents, tokens, db } = ctx;
  documents.get = around('read', 'prepare', documents.get.bind(documents));
  Object.assign(tokens, { sign: around('sign over IPC', 'assemble and verify', tokens.sign) });
  documents.putAll = around('document commit', 'settle', documents.putAll.bind(documents));
  documents.drop = around('drop', 'between rounds', documents.drop.bind(documents));
  // `transaction(...)` makes a function whose `immediate` runs it: that is the commit.
  const make = db.transaction.bind(db);
  db.transaction = ((work: (...args: unknown[]) => unknown) => {
    const made = make(work);
    const isSettling = before === 'settle';
    return { immediate: around(isSettling ? 'complete commit' : 'begin commit', isSettling ? 'after' : 'prepare', () => made.immediate()) };
  }) as typeof db.transaction; // only `immediate` is used by the store
  return {
    begin() {
      isRunning = true;
      lastMs = performance.now();
      before = 'between rounds';
    },
    split: (count: number) => {
      isRunning = false;
      const order = [
        'begin commit',
        'prepare',
        'read',
        'sign over IPC',
        'assemble and verify',
        'document commit',
        'complete commit',
        'drop',
      ];
      const known = order.map((stage) => [stage, (spent.get(stage) ?? 0) / count] as const);
      const rest = [...spent].reduce((sum, [stage, ms]) => (order.includes(stage) ? sum : sum + ms), 0);
      return [...known, ['between', rest / count] as const];
    },
  };
}

/** The floor of the machine: new files of `bytes`, each synced, a second. */
export function measureFsync(dir: string, bytes: number, times: number): number {
  const place = mkdtempSync(path.join(dir, 'fsync-'));
  const content = new Uint8Array(bytes).fill(7);
  const beganMs = performance.now();
  for (let time = 0; time < times; time++) {
    const file = openSync(path.join(place, String(time)), 'w');
    writeSync(file, content);
    fsyncSync(file);
    closeSync(file);
  }
  const perSecond = (times * 1_000) / (performance.now() - beganMs);
  rmSync(place, { recursive: true });
  return perSecond;
}

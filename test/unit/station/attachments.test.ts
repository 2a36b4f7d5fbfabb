import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_ATTACHED_BYTES } from '../../../electron/contract/licence.ts';
import { type LicenceId, PersonId } from '../../../electron/contract/values.ts';
import { verifySeal } from '../../../electron/station/documents/verification/verify-seal.ts';
import { aWorkspace, type Workspace } from '../../support/a-workspace.ts';
import { refusal, refusalDetails } from '../../support/faults.ts';
import { aPhoto, aPlan } from '../documents/an-attachment.ts';

let w: Workspace;
beforeAll(async () => {
  w = await aWorkspace({
    setup: (setup) => ({
      ...setup,
      people: setup.people.map((person) =>
        ['liguohua', 'zhangmin'].includes(person.id) ? { ...person, roles: [...person.roles, 'clerk' as const] } : person,
      ),
    }),
  });
});
afterAll(async () => {
  expect(w.unexpected).toEqual([]);
  await w.close();
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const clerk = () => w.as('clerk');
const attach = async (id: LicenceId, ...files: readonly ReturnType<typeof aPlan>[]) => {
  for (const file of files) await (await clerk()).licences.attach({ id, ...file });
};
const listed = async (id: LicenceId) => (await (await clerk()).licences.view({ id })).attachments;
const tool = (command: string, ...args: readonly string[]): string => {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done.stdout;
};
/** What poppler finds attached in this file, by name. */
function attachedIn(bytes: Uint8Array): Readonly<Record<string, string>> {
  const file = path.join(w.dir, 'sealed.pdf');
  writeFileSync(file, bytes);
  const names = tool('pdfdetach', '-list', file).trim().split('\n').slice(1).map((line) => line.replace(/^\d+: /, '')); // biome-ignore format: one thought
  return Object.fromEntries(
    names.map((name, i) => {
      tool('pdfdetach', '-save', String(i + 1), '-o', path.join(w.dir, 'part.bin'), file);
      return [name, hashOf(readFileSync(path.join(w.dir, 'part.bin')))];
    }),
  );
}
const textOf = (bytes: Uint8Array): string => {
  const file = path.join(w.dir, 'page.pdf');
  writeFileSync(file, bytes);
  return tool('pdftotext', '-layout', file, '-').replace(/\s/g, '');
};
const issued = async (id: LicenceId) => {
  expect((await w.submit([id])).done).toBe(1);
  await w.seal(await w.approve([id]));
  expect(w.row(id).state).toBe('issued');
  return (await clerk()).licences.file({ id });
};

describe('licences.attach', () => {
  it('carries a site plan from the draft into the sealed file, named on its face and covered by the seal', async () => {
    const id = await w.draft();
    const before = w.row(id).revision;
    await attach(id, aPlan(), aPhoto());
    expect(w.row(id).revision).toBe(Number(before) + 2);
    expect(await listed(id)).toEqual(
      [aPlan(), aPhoto()].map(({ name, mediaType, bytes }) => ({ name, mediaType, sha256: hashOf(bytes), sizeBytes: bytes.length })),
    );
    const preview = await (await clerk()).licences.preview({ id });
    const file = await issued(id);
    expect(w.row(id).approved_hash).toBe(preview.sha256);
    expect(attachedIn(file.bytes)).toMatchObject({
      [aPlan().name]: hashOf(aPlan().bytes),
      [aPhoto().name]: hashOf(aPhoto().bytes),
      'licence.xml': expect.any(String),
    });
    for (const { name, bytes } of [aPlan(), aPhoto()])
      expect(textOf(file.bytes)).toContain(`${name}SHA-256${hashOf(bytes).toUpperCase().slice(0, 16)}`);
    const verified = await (await clerk()).verify.file({ fileName: 'a.pdf', bytes: file.bytes });
    expect(verified.verification.result).toBe('valid');
    // One byte of the photo changed: the seal no longer holds.
    const changed = Buffer.from(file.bytes);
    changed[changed.indexOf(aPhoto().bytes) + 12] = 0x21;
    expect((await (await clerk()).verify.file({ fileName: 'a.pdf', bytes: changed })).verification.result).toBe('invalid');
    for (const desk of ['clerk', 'reviewer', 'custodian', 'auditor'] as const)
      expect(await (await w.as(desk)).licences.attachment({ id, sha256: hashOf(aPlan().bytes) })).toEqual({
        fileName: aPlan().name,
        bytes: new Uint8Array(aPlan().bytes),
      });
    expect(w.rows("SELECT kind, person_id, detail_json FROM audit_event WHERE subject = ? AND kind LIKE 'licence.attached'", id)).toEqual(
      [aPlan(), aPhoto()].map(({ bytes }) => ({
        kind: 'licence.attached',
        person_id: 'wangfang',
        detail_json: JSON.stringify({ hash: hashOf(bytes), size: bytes.length }),
      })),
    );
  });

  it.each([
    ['another kind than it says', { ...aPlan(), bytes: aPhoto().bytes }, 'attachmentKind'],
    ['a page of the web', { ...aPlan(), bytes: Buffer.from('<!doctype html><title>x</title>') }, 'attachmentKind'],
    ['an empty file', { ...aPlan(), bytes: new Uint8Array() }, 'attachmentKind'],
    ['an ending of another type', aPlan('plan.exe'), 'attachmentEnding'],
    ['a path', aPlan('..\\plan.pdf'), 'attachmentName'],
    ['a name no font draws', aPlan('图\uE000.pdf'), 'attachmentName'],
    ['a long name', aPlan(`${'长'.repeat(90)}.pdf`), 'attachmentName'],
    ['a name that is there', { ...aPlan('现场照片.jpg'), mediaType: 'image/jpeg' as const, bytes: Buffer.from('ffd8ff00', 'hex') }, 'attachmentNameTwice'],
    ['the same bytes', aPhoto('别名.jpg'), 'attachmentTwice'],
    ['too much', { ...aPlan(), bytes: Buffer.concat([aPlan().bytes, Buffer.alloc(MOST_ATTACHED_BYTES)]) }, 'attachmentTooLarge'],
  ] as const)('refuses %s in words and changes nothing', async (_what, file, problem) => {
    const id = await w.draft();
    await attach(id, aPhoto());
    const before = w.row(id);
    expect(await refusalDetails((await clerk()).licences.attach({ id, ...file }))).toEqual({
      code: 'ATTACHMENT_REFUSED',
      fileName: file.name,
      problem,
    });
    expect([w.row(id), (await listed(id)).map(({ name }) => name)]).toEqual([before, [aPhoto().name]]);
  }); // biome-ignore format: a table

  it('takes ten files and no eleventh, nor a kind that is none', async () => {
    const id = await w.draft();
    for (let i = 1; i <= 10; i++) await attach(id, { ...aPlan(`${i}.pdf`), bytes: Buffer.from(`%PDF-1.4 ${i}`) });
    expect(await refusalDetails((await clerk()).licences.attach({ id, ...aPlan() }))).toMatchObject({ problem: 'attachmentTooMany' });
    expect(await refusal((await clerk()).licences.attach({ id, ...aPlan(), mediaType: 'text/html' as 'image/png' }))).toBe('RPC_BAD_INPUT');
    expect(Object.keys(attachedIn((await issued(id)).bytes))).toHaveLength(11);
  });

  it('leaves the draft as it was when the row cannot be written, and works again', async () => {
    const id = await w.draft();
    w.db.exec("CREATE TRIGGER broken BEFORE INSERT ON licence_attachment BEGIN SELECT RAISE(ABORT, 'broken'); END");
    const before = w.row(id);
    expect(await refusal((await clerk()).licences.attach({ id, ...aPlan() }))).toBe('INTERNAL');
    w.db.exec('DROP TRIGGER broken');
    expect([w.row(id), await listed(id)]).toEqual([before, []]);
    await attach(id, aPlan());
    expect(await listed(id)).toHaveLength(1);
  });
});

describe('licences.detach', () => {
  it('takes one away until it is submitted; then the list is frozen until a return', async () => {
    const id = await w.draft();
    await attach(id, aPlan(), aPhoto());
    const [plan, photo] = [hashOf(aPlan().bytes), hashOf(aPhoto().bytes)];
    await (await clerk()).licences.detach({ id, sha256: plan });
    expect(await refusal((await clerk()).licences.detach({ id, sha256: plan }))).toBe('ATTACHMENT_GONE');
    expect(await refusal((await clerk()).licences.attachment({ id, sha256: plan }))).toBe('ATTACHMENT_GONE');
    // A gap in the places: what comes is still the last.
    await attach(id, aPlan());
    expect((await listed(id)).map(({ name }) => name)).toEqual([aPhoto().name, aPlan().name]);
    await w.submit([id]);
    const submitted = w.row(id).approved_hash;
    expect(await refusal((await clerk()).licences.detach({ id, sha256: photo }))).toBe('STATE_CONFLICT');
    expect(await refusal((await clerk()).licences.attach({ id, ...aPlan('b.pdf'), bytes: Buffer.from('%PDF-2') }))).toBe('STATE_CONFLICT');
    await (await w.as('reviewer')).review.return({ id, reason: '附件有误' });
    await (await clerk()).licences.detach({ id, sha256: photo });
    await w.submit([id]);
    expect(w.row(id).approved_hash).not.toBe(submitted);
    const life = (await (await clerk()).licences.view({ id })).legalLife.map(({ what }) => what);
    expect(life).toEqual(['typed', 'attached', 'attached', 'detached', 'attached', 'submitted', 'returned', 'detached', 'submitted']);
  });

  it('goes with a draft that is discarded', async () => {
    const id = await w.draft();
    await attach(id, aPlan());
    await (await clerk()).licences.discard({ id });
    expect(w.one('SELECT count(*) FROM licence_attachment WHERE licence_id = ?', id)).toBe(0);
    expect(await refusal((await clerk()).licences.attachment({ id, sha256: hashOf(aPlan().bytes) }))).toBe('LICENCE_NOT_FOUND');
  });
});

describe('licences with attachments', () => {
  it('begin their next version with the same files, which may then be changed', async () => {
    const first = await w.draft();
    await attach(first, aPlan(), aPhoto());
    const sealed = await issued(first);
    const why = { reason: '面积录入有误', basis: '行政许可法第七十条', reissue: true };
    const { newId } = await (await w.as('reviewer')).licences.cancelAndReissue({ id: first, ...why });
    if (newId === null) throw new Error('asked to be issued anew');
    expect(await listed(newId)).toEqual(await listed(first));
    await (await clerk()).licences.detach({ id: newId, sha256: hashOf(aPhoto().bytes) });
    const again = await issued(newId);
    expect(Object.keys(attachedIn(again.bytes)).sort()).toEqual(['licence.xml', aPlan().name].sort());
    expect(Object.keys(attachedIn(sealed.bytes))).toContain(aPhoto().name);
    expect(await listed(first)).toHaveLength(2);
  });

  it('are not approved nor sealed by who attached or removed a file (R08)', async () => {
    const [attached, detached] = [await w.draft(), await w.draft()];
    const reviewer = await w.as('reviewer');
    await reviewer.licences.attach({ id: attached, ...aPlan() });
    await attach(detached, aPlan());
    await reviewer.licences.detach({ id: detached, sha256: hashOf(aPlan().bytes) });
    await w.submit([attached, detached]);
    for (const id of [attached, detached]) {
      const { sha256 } = await reviewer.licences.file({ id });
      await reviewer.review.shown({ id, approvedHash: sha256 });
      const { outcomes } = await reviewer.review.approve({ items: [{ id, approvedHash: sha256 }], count: 1 });
      expect(outcomes).toMatchObject([{ ok: false, code: 'SAME_PERSON' }]);
    }
    const byCustodian = await w.draft();
    await (await w.as('custodian')).licences.attach({ id: byCustodian, ...aPlan() });
    await w.submit([byCustodian]);
    const batchId = await w.approve([byCustodian]);
    expect(await refusal((await w.as('custodian')).sealing.prepare({ batchId }))).toBe('SAME_PERSON');
    expect(w.one('SELECT added_by FROM licence_attachment WHERE licence_id = ?', byCustodian)).toBe(PersonId.parse('zhangmin'));
  });

  it.each(['submitted', 'issued'] as const)(
    'are sealed with an attachment that is a %s licence itself, whose bytes are kept',
    async (state) => {
      const [one, two] = [await w.aLicence({ state }), await w.draft()];
      const file = await (await clerk()).licences.file({ id: one });
      await attach(two, { ...aPlan('批准书.pdf'), bytes: Buffer.from(file.bytes) });
      // Sealing drops the unsigned first revision.
      if (state === 'submitted') await w.seal(await w.approve([one]));
      const sealed = await issued(two);
      expect(attachedIn(sealed.bytes)).toMatchObject({ '批准书.pdf': file.sha256 });
      const { verification } = await (await clerk()).verify.file({ fileName: 'a.pdf', bytes: sealed.bytes });
      expect([verification.result, verification.signatures.length]).toEqual(['valid', 1]);
      expect(verifySeal(sealed.bytes, [])).toEqual({ sealed: false, findings: ['SIGNER_CERTIFICATE_WRONG'] });
    },
  );

  it('say that the store is damaged where attached bytes are gone, and stay drafts', async () => {
    const id = await w.draft();
    const only = { ...aPlan(), bytes: Buffer.from('%PDF-1.7 only here') };
    await attach(id, only);
    w.station.ctx.documents.drop([hashOf(only.bytes)]);
    expect((await w.submit([id])).failed).toBe(1);
    expect(w.row(id).state).toBe('draft');
    await (await clerk()).licences.detach({ id, sha256: hashOf(only.bytes) });
    expect((await w.submit([id])).done).toBe(1);
  });
});

// Intake: a register is taken in, its columns and faults are looked at, a row is mended, the good rows are submitted.
import type { Page } from 'playwright-core';
import { at, choose, go, notice } from './frame.ts';

type FileChoice = string | { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

export async function openRegister(page: Page, file: FileChoice): Promise<void> {
  await go(page, 'intake');
  if (await at(page, 'import-back').isVisible()) await at(page, 'import-back').click();
  await at(page, 'file-input').setInputFiles(file);
}

/** The rows are there and every one was checked. */
export async function waitChecked(page: Page): Promise<void> {
  await at(page, 'import-rows').getByTestId('row').first().waitFor();
  await at(page, 'accept').or(at(page, 'accept-done')).first().waitFor({ timeout: 60_000 });
}

export async function countOf(page: Page, chip: string): Promise<number> {
  const text = await at(page, chip).locator('.chip-count').innerText();
  return Number(text.replace(/\D/g, ''));
}

export async function acceptAndSubmit(page: Page, lateReason: RegExp): Promise<void> {
  if (await at(page, 'late-reason').isVisible()) await choose(page, 'late-reason', lateReason);
  await at(page, 'accept').click();
  await notice(page, /正在收件|正在提交|收件/);
  await at(page, 'accept-done').waitFor({ timeout: 90_000 });
}

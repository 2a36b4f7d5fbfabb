// Review: the page is looked at, one is returned, the others are approved together.
import type { Page } from 'playwright-core';
import { at } from './frame.ts';

/** Share of the canvas that is not white: a page without ink was not drawn. */
export async function inkOf(page: Page): Promise<number> {
  await page.locator('canvas[data-testid="page"][data-drawn="yes"]').waitFor();
  return at(page, 'page').evaluate((element) => {
    if (!(element instanceof HTMLCanvasElement)) return 0;
    const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
    let dark = 0;
    for (let index = 0; index < pixels.length; index += 4)
      if ((pixels[index] ?? 255) + (pixels[index + 1] ?? 255) + (pixels[index + 2] ?? 255) < 600) dark += 1;
    return dark / (element.width * element.height);
  });
}

/** The page of this row of the queue is before the reviewer's eyes. */
export async function look(page: Page, index: number): Promise<string> {
  const row = at(page, 'review-queue').getByTestId('row').nth(index);
  const holder = await row.locator('.strong').innerText();
  await row.click();
  await page.getByRole('region', { name: '数据', exact: true }).getByText(holder).first().waitFor();
  await page.locator('[data-testid="approve"]:not(:disabled)').waitFor();
  return holder;
}

export async function returnCurrent(page: Page, reason: string): Promise<void> {
  await at(page, 'return').click();
  await at(page, 'return-reason').fill(reason);
  await at(page, 'return-confirm').click();
  await at(page, 'return-confirm').waitFor({ state: 'detached' });
}

/** Looks at pages until the sample rule is met, then confirms the number. Answers how many were approved. */
export async function approveAll(page: Page, withPicture: () => Promise<void> = async () => undefined): Promise<number> {
  await at(page, 'choose-all').click();
  await at(page, 'approve-batch').click();
  const dialogue = page.getByRole('dialog');
  const needed = Number(/要求 (\d+)/.exec(await dialogue.getByText(/抽查/).innerText())?.[1] ?? 0);
  if (await at(page, 'batch-count').isDisabled()) {
    await dialogue.getByRole('button', { name: '取消' }).click();
    for (let index = 0; index < needed; index += 1) await look(page, index);
    await at(page, 'approve-batch').click();
  }
  const size = Number(/(\d+)/.exec(await at(page, 'batch-confirm').innerText())?.[1] ?? 0);
  await at(page, 'batch-count').fill(String(size));
  await withPicture();
  await at(page, 'batch-confirm').click();
  await at(page, 'batch-confirm').waitFor({ state: 'detached', timeout: 60_000 });
  return size;
}

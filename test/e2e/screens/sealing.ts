// Sealing: the PIN is typed in its own window, then the list fills.
import type { ElectronApplication, Page } from 'playwright-core';
import { at } from './frame.ts';

export const PIN = '123456';

/** Presses start and answers the PIN window. */
export async function openPin(app: ElectronApplication, page: Page): Promise<Page> {
  const opened = app.waitForEvent('window');
  await at(page, 'seal-start').click();
  const pin = await opened;
  await pin.locator('#pin').waitFor();
  return pin;
}

/** Types a PIN; when it is right the window is gone afterwards. */
export async function typePin(pin: Page, digits: string): Promise<void> {
  await pin.locator('#pin').fill(digits);
  await pin.locator('#go').click();
}

export async function startSealing(app: ElectronApplication, page: Page): Promise<void> {
  const pin = await openPin(app, page);
  const closed = pin.waitForEvent('close');
  await typePin(pin, PIN);
  await closed;
}

export const waitSealed = (page: Page): Promise<void> => at(page, 'seal-result').waitFor({ timeout: 90_000 });

// What surrounds every screen: who sits here, the tabs, the notices, the banner of a child that fell.
import type { Locator, Page } from 'playwright-core';

export const people = { clerk: '王芳', reviewer: '李国华', custodian: '张敏', auditor: '陈静' } as const;
export type PersonKey = keyof typeof people;
export const PASSPHRASE = 'banjie';

export const tabs = ['today', 'intake', 'review', 'sealing', 'licences', 'verify', 'sync', 'seals', 'system'] as const;
export type Tab = (typeof tabs)[number];

export const at = (page: Page, testId: string): Locator => page.getByTestId(testId);

export async function signIn(page: Page, person: PersonKey): Promise<void> {
  await page.getByRole('radio', { name: people[person] }).click();
  await at(page, 'passphrase').fill(PASSPHRASE);
  await at(page, 'sign-in').click();
  await at(page, 'person').getByText(people[person]).waitFor();
}

export async function switchTo(page: Page, person: PersonKey): Promise<void> {
  await at(page, 'lock').click();
  await signIn(page, person);
}

export async function go(page: Page, tab: Tab): Promise<void> {
  await at(page, `tab-${tab}`).click();
  await page.locator(`[data-testid="tab-${tab}"][aria-selected="true"]`).waitFor();
}

export const notice = (page: Page, text: string | RegExp): Promise<void> => at(page, 'notices').getByText(text).first().waitFor();

/** One line of a virtual table, by any text in it. */
export const rowOf = (page: Page, table: string, text: string | RegExp): Locator =>
  at(page, table).getByTestId('row').filter({ hasText: text }).first();

/** An Ant Design choice: opened, then taken by its words. */
export async function choose(page: Page, testId: string, option: string | RegExp): Promise<void> {
  await at(page, testId).click();
  await page.locator('#overlays .ant-select-item-option').filter({ hasText: option }).first().click();
}

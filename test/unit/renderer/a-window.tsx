// The whole window in jsdom over the made-up station, and ways to press and read it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { vi } from 'vitest';
import { LicenceType } from '../../../electron/contract/catalogue.ts';
import { RulePack } from '../../../electron/contract/office.ts';
import { App } from '../../../renderer/app/App.tsx';
import { type FakeOptions, fakeStation } from '../../../renderer/station/fake/fake-station.ts';
import { StationProvider } from '../../../renderer/station/StationProvider.tsx';

const resources = path.resolve(import.meta.dirname, '../../../resources');
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(resources, file), 'utf8'));
export const types = ['zhaijidi', 'guihua', 'caifa', 'xiaozuofang'].map((id) => LicenceType.parse(json(`catalogue/types/${id}.json`)));
export const rules = RulePack.parse(json('rules/hubei-2026.json'));

/** jsdom has no layout: every element is 1000 × 600, so that virtual tables draw some rows. */
export function givePagesASize(): void {
  class Observer {
    readonly #told: ResizeObserverCallback;
    constructor(told: ResizeObserverCallback) {
      this.#told = told;
    }
    observe(target: Element): void {
      const box = [{ inlineSize: 1000, blockSize: 600 }];
      this.#told(
        [{ target, contentRect: new DOMRect(0, 0, 1000, 600), borderBoxSize: box, contentBoxSize: box, devicePixelContentBoxSize: box }],
        this,
      );
    }
    unobserve(): void {
      // Nothing is watched.
    }
    disconnect(): void {
      // Nothing is watched.
    }
  }
  vi.stubGlobal('structuredClone', cloneHere);
  vi.stubGlobal('ResizeObserver', Observer);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
  }));
  for (const [side, pixels] of Object.entries({ offsetHeight: 600, offsetWidth: 1000, clientHeight: 600, clientWidth: 1000 }))
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, get: () => pixels });
  Object.defineProperty(HTMLElement.prototype, 'offsetParent', { configurable: true, get: () => document.body });
}

/** Node's own answers with typed arrays of Node's realm, which are none of jsdom's. */
function cloneHere(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(cloneHere);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cloneHere(inner)]));
}

export async function openWindow(options: Partial<FakeOptions> = {}) {
  document.body.innerHTML = '<div id="root"></div><div id="overlays"></div>';
  const station = fakeStation({ types, rules, rows: 24, stepMs: 1, ...options });
  const root = createRoot(document.querySelector('#root') ?? document.body);
  await act(async () =>
    root.render(
      <StationProvider connection={station.connection}>
        <App />
      </StationProvider>,
    ),
  );
  const find = (testId: string) => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  /** Lets answers come in and be drawn, again and again until the check holds. */
  const until = <T,>(check: () => T): Promise<T> =>
    vi.waitFor(
      async () => {
        await act(async () => void (await new Promise((resolve) => setTimeout(resolve, 2))));
        return check();
      },
      { timeout: 4_000, interval: 5 },
    );
  const see = (testId: string): Promise<HTMLElement> =>
    until(() => {
      const element = find(testId);
      if (element === null) throw new Error(`no ${testId}`);
      return element;
    });
  const press = async (testId: string) => {
    const element = await see(testId);
    await act(async () => element.click());
  };
  const type = async (testId: string, text: string) => {
    const element = await see(testId);
    const input = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element : element.querySelector('input');
    if (input === null) throw new Error(`no input in ${testId}`);
    const prototype = input instanceof HTMLTextAreaElement ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    await act(async () => {
      Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };
  const key = async (init: KeyboardEventInit, target: EventTarget = window) =>
    act(async () => void target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init })));
  const close = async () => {
    await act(async () => root.unmount());
    station.connection.close();
  };
  return { station, find, see, press, type, key, until, close, text: () => document.body.textContent ?? '' };
}

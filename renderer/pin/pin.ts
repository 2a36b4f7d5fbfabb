// The PIN page: asks for one PIN for one grant, hands the bytes over and forgets them. Its process ends with its window.
// Must not keep the PIN in any variable longer than one call, and must not try again by itself.
import type { PinAnswer, PinBridge, PinQuestion } from '../../electron/contract/pin-bridge.ts';
import { describeCode } from '../station/describe-error.ts';
import { type Words, wordsOf } from '../station/language.tsx';

declare global {
  interface Window {
    readonly pin: PinBridge;
  }
}

/** After these another try in this window would be in vain. */
const FINAL: readonly string[] = ['PIN_LOCKED', 'GRANT_MISSING', 'TOKEN_REMOVED', 'TOKEN_NOT_FOUND', 'PIN_EXPIRED'];

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no #${id}`);
  return found;
}

const page = {
  form: element('form', HTMLFormElement),
  input: element('pin', HTMLInputElement),
  label: element('pin-label', HTMLLabelElement),
  hint: element('hint', HTMLParagraphElement),
  problem: element('problem', HTMLParagraphElement),
  go: element('go', HTMLButtonElement),
  cancel: element('cancel', HTMLButtonElement),
};

function show(question: PinQuestion, words: Words): void {
  const text = (id: string, value: string) => {
    element(id, HTMLElement).textContent = value;
  };
  document.documentElement.lang = question.language === 'zh' ? 'zh-CN' : 'en';
  document.documentElement.classList.toggle('large', question.largePrint);
  document.title = words.t('pin.title');
  text('title', words.t('pin.title'));
  text('seal-label', words.t('pin.seal'));
  text('seal', question.sealName);
  text('token-label', words.t('pin.key'));
  text('token', question.tokenLabel);
  text('count-label', words.t('pin.count'));
  text('count', words.count(question.count));
  page.label.textContent = words.t('pin.label');
  page.hint.textContent = words.t(question.pinPad ? 'pin.onReader' : 'pin.hint');
  page.go.textContent = words.t('pin.go');
  page.cancel.textContent = words.t('pin.cancel');
  for (const part of [page.input, page.label, page.go]) part.hidden = question.pinPad;
}

function busy(isBusy: boolean): void {
  page.go.disabled = isBusy;
  page.input.disabled = isBusy;
}

/** The bytes of what was typed; the field is empty afterwards. */
function takePin(): Uint8Array {
  const pin = new TextEncoder().encode(page.input.value);
  page.input.value = '';
  return pin;
}

async function tryLogin(pin: Uint8Array | null, words: Words): Promise<void> {
  busy(true);
  page.problem.textContent = '';
  const answer = await window.pin.login(pin);
  pin?.fill(0);
  if (answer.ok) return;
  showProblem(answer, words);
}

function showProblem({ code, details }: Extract<PinAnswer, { ok: false }>, words: Words): void {
  const { title, detail, action } = describeCode(code, details, words);
  page.problem.textContent = `⚠ ${[title, detail, action].filter(Boolean).join(' ')}`;
  if (FINAL.includes(code)) page.cancel.focus();
  else {
    busy(false);
    page.input.focus();
  }
}

async function start(): Promise<void> {
  const question = await window.pin.question();
  const words = wordsOf(question.language);
  show(question, words);
  page.cancel.addEventListener('click', () => window.pin.cancel());
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') window.pin.cancel();
  });
  page.form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (page.input.value !== '') void tryLogin(takePin(), words);
  });
  if (question.pinPad) await tryLogin(null, words);
  else page.input.focus();
}

void start();

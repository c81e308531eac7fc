/*
 * What every page of this extension does in the browser: it draws the HTML that the extension sends, keeps folds, filters,
 * focus and scroll position over it, and tells the extension which button or link was used.
 */

interface Editor {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Editor;

/** What is kept while the page is hidden. `question` is the extension's. */
interface State {
  question?: unknown;
  folds: Record<string, boolean>;
  fields: Record<string, string>;
  scroll: number;
}

interface Shown {
  readonly type: 'show';
  readonly body: string;
  readonly announcement: string;
  readonly state: unknown;
  readonly data?: unknown;
}

const editor = acquireVsCodeApi();
const { folds = {}, fields = {}, scroll = 0, ...kept } = (editor.getState() ?? {}) as Partial<State>;
const state: State = { ...kept, folds, fields, scroll };
const main = document.querySelector('main')!;
const announcement = document.getElementById('announcement')!;
let drawn = '';
/** What had the user's attention last. */
let attention: string | undefined;
/** The id of what gets the focus when the page gets it. */
let awaitsFocus: string | undefined;

/** Starts the page. `redraw` is called each time that its HTML is there, and when a field of it changes. */
export function start(redraw: (data: unknown) => void = () => undefined): void {
  let data: unknown;
  window.addEventListener('message', ({ data: message }: MessageEvent<Shown>) => {
    if (message?.type !== 'show') return;
    data = message.data ?? data;
    state.question = message.state;
    draw(message.body, () => redraw(data));
    if (announcement.textContent !== message.announcement) announcement.textContent = message.announcement;
    save();
  });
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement) || target.id === '' || isTold(target)) return;
    state.fields[target.id] = target.value;
    save();
    redraw(data);
  });
  // A field whose value the extension keeps: it draws the page anew.
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement) || !isTold(target)) return;
    const value = target.type === 'checkbox' ? target.checked : target.value;
    act(target.dataset['change']!, JSON.stringify([target.dataset['value'] ?? '', value]));
  });
  // In the capturing phase, and stopped: the editor would scroll to the top, or open the address by itself.
  document.addEventListener('click', onClick, true);
  window.addEventListener('focus', () => {
    if (awaitsFocus !== undefined) document.getElementById(awaitsFocus)?.focus({ preventScroll: true });
    awaitsFocus = undefined;
  });
  window.addEventListener('scroll', () => {
    state.scroll = window.scrollY;
    save();
  });
  editor.postMessage({ type: 'ready' });
}

/** Tells the extension that something was used. */
export function act(name: string, value: string): void {
  editor.postMessage({ type: 'act', act: name, value });
}

/** True for a field whose value is the extension's: it isn't kept here. */
function isTold(field: HTMLElement): boolean {
  return field.dataset['change'] !== undefined;
}

function onClick(event: Event): void {
  const target = event.target instanceof Element ? event.target : undefined;
  const used = target?.closest('[data-act]');
  if (used) {
    event.preventDefault();
    event.stopPropagation();
    act(used.getAttribute('data-act')!, shownRows(used) ?? used.getAttribute('data-value') ?? '');
    return;
  }
  const details = target?.closest('summary')?.parentElement;
  if (details instanceof HTMLDetailsElement && details.id !== '') {
    state.folds[details.id] = !details.open;
    save();
  }
}

/** What a button for a table's rows is about: the keys of those that its filters leave, as JSON. */
function shownRows(button: Element): string | undefined {
  const table = button.getAttribute('data-rows');
  if (table === null) return undefined;
  const rows = [...(document.getElementById(table)?.querySelectorAll<HTMLTableRowElement>('tr[data-key]') ?? [])];
  return JSON.stringify(rows.flatMap((row) => (row.hidden ? [] : [row.dataset['key']])));
}

function save(): void {
  editor.setState(state);
}

function draw(body: string, redraw: () => void): void {
  if (body === drawn) {
    redraw();
    return;
  }
  const first = drawn === '';
  const focus = focused();
  const top = first ? state.scroll : window.scrollY;
  drawn = body;
  main.innerHTML = body;
  for (const details of main.querySelectorAll('details')) details.open = state.folds[details.id] ?? details.open;
  for (const field of main.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[id], select[id]'))
    if (!isTold(field)) field.value = state.fields[field.id] ?? field.value;
  redraw();
  const isThere = focus?.() ?? true;
  // What was used is gone, a fix that was applied: the verdict is what is new.
  window.scrollTo(0, isThere ? top : 0);
  attend(first);
}

/** Brings what is new and was asked for before the eyes and the keyboard: the page marks it with `data-attention`. */
function attend(isFirst: boolean): void {
  const marked = main.querySelector<HTMLElement>('[data-attention]');
  const now = marked?.dataset['attention'];
  const isNew = now !== undefined && now !== attention;
  attention = now;
  if (!isNew || isFirst) return;
  marked!.scrollIntoView({ block: 'nearest' });
  // A page never takes the focus from another column, where what it is about may be opening: it waits for it.
  if (document.hasFocus()) marked!.focus({ preventScroll: true });
  else awaitsFocus = marked!.id;
}

/** How to put the focus back where it is now; on the heading, and false, if what had it is gone. */
function focused(): (() => boolean) | undefined {
  const before = document.activeElement;
  if (!(before instanceof HTMLElement) || !main.contains(before)) return undefined;
  const links = [...main.querySelectorAll<HTMLElement>('a, button, summary, input, select')];
  const { id, dataset, tagName } = before;
  const nth = links.filter((each) => each.tagName === tagName && each.dataset['value'] === dataset['value']).indexOf(before);
  const selection = before instanceof HTMLInputElement ? ([before.selectionStart, before.selectionEnd] as const) : undefined;
  // What is typed into a field of the extension's, and not told yet.
  const typed = before instanceof HTMLInputElement && isTold(before) && before.type !== 'checkbox' ? before.value : undefined;
  const summaryOf = before.tagName === 'SUMMARY' ? before.parentElement?.id : undefined;
  return () => {
    const same = [...main.querySelectorAll<HTMLElement>('a, button, summary, input, select')];
    // By its id or its key alone, if it has one: the next fix is not the one that had the focus.
    const after =
      id !== ''
        ? document.getElementById(id)
        : summaryOf
          ? document.getElementById(summaryOf)?.querySelector('summary')
          : dataset['key'] !== undefined
            ? same.find((each) => each.dataset['key'] === dataset['key'])
            : same.filter((each) => each.tagName === tagName && each.dataset['value'] === dataset['value'])[nth];
    if (typed !== undefined && after instanceof HTMLInputElement) after.value = typed;
    (after ?? main.querySelector<HTMLElement>('h1'))?.focus({ preventScroll: true });
    if (selection && after instanceof HTMLInputElement) after.setSelectionRange(...selection);
    return after != null;
  };
}

import {
  Disposable,
  InputBoxValidationSeverity,
  QuickInputButtons,
  window,
  type InputBox,
  type QuickPick,
  type QuickPickItem,
} from 'vscode';

/** What a step of a wizard came to: an answer, a step back, or the end. */
export type StepResult<T> = { readonly value: T } | 'back' | 'cancel';

export interface StepFrame {
  readonly title: string;
  /** From 1. */
  readonly step: number;
  readonly total: number;
  /** True for an input behind another one of the same step. */
  readonly canGoBack?: boolean;
}

/** A list to choose one line from. Typed text that no line holds can become a line by `typed`. */
export function pickOne<T extends QuickPickItem>(
  frame: StepFrame,
  placeholder: string,
  items: readonly T[],
  active?: T,
): Promise<StepResult<T>> {
  const pick = window.createQuickPick<T>();
  pick.items = items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (active) pick.activeItems = [active];
  return run(frame, pick, placeholder, () => pick.selectedItems[0]);
}

/** What a search of {@link pickMany} gives: lines, and a word on why there are no more. */
export interface Found<T extends QuickPickItem> {
  readonly rows: readonly T[];
  /** A line that leads on, such as to ask AWS: choosing it ends the list with this text of the filter. */
  readonly lead?: QuickPickItem;
}

/**
 * A list to choose several lines from, with lines that come by search as the user types. What is chosen stays in the list.
 * @param options.search gives the lines for a text; an answer that comes after a later one is dropped.
 * @param options.typed turns a text that no line holds into a line when the user goes on, or says what is wrong with it: a
 *   text that was typed is never dropped.
 * @returns `lead` with the filter's text where the leading line was chosen.
 */
export function pickMany<T extends QuickPickItem>(
  frame: StepFrame,
  placeholder: string,
  items: readonly T[],
  chosen: readonly T[],
  options: {
    readonly search?: (text: string) => Promise<Found<T>>;
    readonly typed?: (text: string) => Promise<T | { readonly problem: string } | undefined>;
    readonly key?: (row: T) => string;
    readonly text?: string;
  } = {},
): Promise<StepResult<readonly T[]> | { readonly lead: string; readonly chosen: readonly T[] }> {
  const pick = window.createQuickPick<T>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const key = options.key ?? (({ label }: T) => label);
  let lead: QuickPickItem | undefined;
  const real = (rows: readonly T[]): T[] => rows.filter((row) => row !== lead);
  const show = (found: readonly T[], selected: readonly T[], more?: QuickPickItem): void => {
    const keys = new Set(selected.map(key));
    lead = more;
    pick.items = [...selected, ...found.filter((row) => !keys.has(key(row))), ...(more ? [more as T] : [])];
    pick.selectedItems = selected;
  };
  show(items, chosen);
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  const search = (text: string): void => {
    const own = ++asked;
    clearTimeout(timer);
    if (!options.search) return;
    timer = setTimeout(() => {
      pick.busy = true;
      options.search!(text)
        .then(
          (found) => {
            if (own === asked) show([...items, ...found.rows], real(pick.selectedItems), found.lead);
          },
          () => undefined,
        )
        .finally(() => {
          if (own === asked) pick.busy = false;
        });
    }, 200);
  };
  const searching = pick.onDidChangeValue(search);
  if (options.text) {
    pick.value = options.text;
    search(options.text);
  }
  let led: ((result: { readonly lead: string; readonly chosen: readonly T[] }) => void) | undefined;
  const leading = new Promise<{ readonly lead: string; readonly chosen: readonly T[] }>((resolve) => (led = resolve));
  const selecting = pick.onDidChangeSelection((selected) => {
    if (lead && selected.includes(lead as T)) led?.({ lead: pick.value, chosen: real(selected) });
  });
  const picked = run(
    frame,
    pick,
    placeholder,
    async (): Promise<readonly T[] | undefined> => {
      const text = pick.value.trim();
      const typed = text === '' ? undefined : await options.typed?.(text);
      if (!typed) return real(pick.selectedItems);
      if ('problem' in typed) {
        void window.showWarningMessage(typed.problem);
        return undefined;
      }
      if (real(pick.selectedItems).some((row) => key(row) === key(typed))) return real(pick.selectedItems);
      // The list stays, so that the user sees what the text became; going on once more takes it.
      clearTimeout(timer);
      asked++;
      pick.value = '';
      show(items, [...real(pick.selectedItems), typed]);
      return undefined;
    },
    leading,
  );
  return picked.finally(() => {
    clearTimeout(timer);
    searching.dispose();
    selecting.dispose();
  });
}

/** A text, checked while it is typed: a problem stops it, a note is only shown. */
export async function inputText(
  frame: StepFrame,
  prompt: string,
  value: string,
  check: (text: string) => Promise<{ readonly problem?: string; readonly note?: string }>,
): Promise<StepResult<string>> {
  const box = window.createInputBox();
  box.value = value;
  box.prompt = prompt;
  let asked = 0;
  let good = false;
  const validate = async (text: string): Promise<void> => {
    const own = ++asked;
    const { problem, note } = await check(text).catch(() => ({ problem: undefined, note: undefined }));
    if (own !== asked) return;
    good = problem === undefined;
    box.validationMessage = problem
      ? { message: problem, severity: InputBoxValidationSeverity.Error }
      : note
        ? { message: note, severity: InputBoxValidationSeverity.Info }
        : undefined;
  };
  const typing = box.onDidChangeValue((text) => void validate(text));
  await validate(value);
  // An empty box with its error before a word is typed would scold.
  if (value === '') box.validationMessage = undefined;
  return run(frame, box, prompt, async () => {
    await validate(box.value);
    return good ? box.value.trim() : undefined;
  }).finally(() => void typing.dispose());
}

type Input = InputBox | QuickPick<QuickPickItem>;

async function run<T, L = never>(
  frame: StepFrame,
  input: Input,
  placeholder: string,
  read: () => T | undefined | Promise<T | undefined>,
  leading?: Promise<L>,
): Promise<StepResult<T> | L> {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.total;
  input.placeholder = placeholder;
  input.ignoreFocusOut = true;
  input.buttons = frame.step > 1 || frame.canGoBack ? [QuickInputButtons.Back] : [];
  const listeners: Disposable[] = [];
  try {
    return await new Promise<StepResult<T> | L>((resolve) => {
      void leading?.then(resolve);
      listeners.push(
        input.onDidTriggerButton((button) => {
          if (button === QuickInputButtons.Back) resolve('back');
        }),
        input.onDidHide(() => resolve('cancel')),
        input.onDidAccept(async () => {
          const value = await read();
          if (value !== undefined) resolve({ value });
        }),
      );
      input.show();
    });
  } finally {
    Disposable.from(...listeners).dispose();
    input.dispose();
  }
}

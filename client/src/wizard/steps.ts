import { Disposable, InputBoxValidationSeverity, QuickInputButtons, window, type InputBox, type QuickPick, type QuickPickItem } from 'vscode';

/** What a step of a wizard came to: an answer, a step back, or the end. */
export type StepResult<T> = { readonly value: T } | 'back' | 'cancel';

export interface StepFrame {
  readonly title: string;
  /** From 1. */
  readonly step: number;
  readonly total: number;
}

/** A list to choose one line from. Typed text that no line holds can become a line by `typed`. */
export function pickOne<T extends QuickPickItem>(frame: StepFrame, placeholder: string, items: readonly T[], active?: T): Promise<StepResult<T>> {
  const pick = window.createQuickPick<T>();
  pick.items = items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (active) pick.activeItems = [active];
  return run(frame, pick, placeholder, () => pick.selectedItems[0]);
}

/**
 * A list to choose several lines from, with lines that come by search as the user types. What is chosen stays in the list.
 * @param search gives the lines for a text; an answer that comes after a later one is passed over.
 */
export function pickMany<T extends QuickPickItem>(
  frame: StepFrame, placeholder: string, items: readonly T[], chosen: readonly T[], search?: (text: string) => Promise<readonly T[]>,
): Promise<StepResult<readonly T[]>> {
  const pick = window.createQuickPick<T>();
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const show = (found: readonly T[]): void => {
    const selected = pick.selectedItems.length > 0 || pick.items.length > 0 ? [...pick.selectedItems] : [...chosen];
    const labels = new Set(selected.map(({ label }) => label));
    pick.items = [...selected, ...found.filter(({ label }) => !labels.has(label))];
    pick.selectedItems = selected;
  };
  show(items);
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;
  const searching = search && pick.onDidChangeValue((text) => {
    const own = ++asked;
    clearTimeout(timer);
    timer = setTimeout(() => {
      pick.busy = true;
      search(text).then((found) => {
        if (own === asked) show([...items, ...found]);
      }, () => undefined).finally(() => {
        if (own === asked) pick.busy = false;
      });
    }, 200);
  });
  return run(frame, pick, placeholder, () => [...pick.selectedItems]).finally(() => {
    clearTimeout(timer);
    searching?.dispose();
  });
}

/** A text, checked while it is typed: a problem stops it, a note is only shown. */
export async function inputText(
  frame: StepFrame, prompt: string, value: string, check: (text: string) => Promise<{ readonly problem?: string; readonly note?: string }>,
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
    box.validationMessage = problem ? { message: problem, severity: InputBoxValidationSeverity.Error } : note ? { message: note, severity: InputBoxValidationSeverity.Info } : undefined;
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

async function run<T>(frame: StepFrame, input: Input, placeholder: string, read: () => T | undefined | Promise<T | undefined>): Promise<StepResult<T>> {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.total;
  input.placeholder = placeholder;
  input.ignoreFocusOut = true;
  input.buttons = frame.step > 1 ? [QuickInputButtons.Back] : [];
  const listeners: Disposable[] = [];
  try {
    return await new Promise<StepResult<T>>((resolve) => {
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

import type { ExplainPage, PagePart } from './page';

/** Marks of a step, by what was found. */
const marks = { true: '✓', false: '✗', null: '?' } as const;
/** Texts longer than this do not push the column of places further right. */
const widestText = 120;

/** The page as plain text: for the terminal, and to be copied. Lines end with `\n`. */
export function explainText(page: ExplainPage): string {
  const lines = [
    `${page.question}   ${page.answer}`,
    '',
    ...mechanisms(page),
    ...steps(page),
    ...page.outcome.map(({ text }, i) => `${i === 0 ? '   ' : '     '}${text}`),
    ...page.fixes.map(({ text, place }) => ` Fix${place ? ` in ${place.label}` : ''}: ${text}`),
    ...(page.assumptions.length > 0 ? ['', ' Assumptions:', ...page.assumptions.map((text) => `   ${text}`)] : []),
  ];
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Both mechanisms, a line each, and which of them is in effect. */
function mechanisms({ mechanisms: both }: ExplainPage): string[] {
  if (!both) return [];
  const labels = Math.max(...both.answers.map(({ label }) => label.length));
  const signs = { allowed: '✓', denied: '✗', unknown: '?' } as const;
  return [
    ...both.answers.map(
      ({ label, text, decision, place }) => `${signs[decision]} ${label.padEnd(labels)}  ${text}${place ? `  ${place.label}` : ''}`,
    ),
    ...both.words.map((text) => `  ${text}`),
    '',
  ];
}

function steps(page: ExplainPage): string[] {
  const labels = Math.max(0, ...page.steps.flatMap(({ parts }) => parts.map(({ label = '' }) => label.length)));
  const rows = page.steps.flatMap((step, i): { readonly part: PagePart; readonly text: string }[] => [
    { part: step, text: `${String(i + 1).padStart(2)} ${step.text}` },
    ...step.parts.map((part) => ({
      part,
      text: `     ${labels > 0 ? `${(part.label ?? '').padEnd(labels)}  ` : ''}${part.text}`,
    })),
  ]);
  const placed = (part: PagePart): string => part.place?.label ?? part.note ?? '';
  const width = Math.max(0, ...rows.map(({ text }) => text.length).filter((length) => length <= widestText));
  const placeWidth = Math.max(0, ...rows.map(({ part }) => placed(part).length));
  return rows.map(({ part, text }) => {
    // The mark is first: at the end of a long line it would be out of sight in a narrow window.
    const mark = part.mark === undefined ? ' ' : marks[String(part.mark) as keyof typeof marks];
    return `${mark} ${text.padEnd(width)}  ${' '.repeat(placeWidth - placed(part).length)}${placed(part)}`;
  });
}

import type { DiagnoseAnswer, DiagnosePlace, WorkloadName } from '../../../../protocol/diagnose';
import { script } from './script';
import { style } from './style';

/** Text of a file, a paste or a name as HTML shows it: never markup. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The page: a box for pastes, a list of workloads, and a place for the answer. Nothing in it comes from a file but escaped names. */
export function pageHtml({
  nonce,
  workloads,
  picked,
}: {
  readonly nonce: string;
  readonly workloads: readonly WorkloadName[];
  readonly picked?: WorkloadName | undefined;
}): string {
  const pickedText = picked && `${picked.namespace}/${picked.name}`;
  const names = workloads.map(({ namespace, name }) => `${namespace}/${name}`);
  const options = [...new Set([...(pickedText === undefined ? [] : [pickedText]), ...names])];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Diagnose an Error</title>
<style nonce="${nonce}">${style}</style>
</head>
<body>
<h1>Diagnose an Error</h1>
<p class="hint" id="hint">Paste what you have, several things at once: the lines around the error, <code>env | grep AWS_</code>, <code>kubectl get pod POD -o yaml</code>, a token, a CloudTrail event. Secrets are removed before anything is read. Nothing that you paste is stored or sent; AWS is queried only if you look a request up in CloudTrail.</p>
<label for="paste">Error, environment, token or event</label>
<textarea id="paste" rows="12" spellcheck="false" autocomplete="off" aria-describedby="hint"></textarea>
<label for="workload">Workload or service account (if you know it)</label>
<select id="workload">
<option value="">Unknown</option>
${options.map((name) => `<option value="${escaped(name)}"${name === pickedText ? ' selected' : ''}>${escaped(name)}</option>`).join('\n')}
</select>
<div class="buttons">
<button id="run" class="primary">Diagnose</button>
<button id="cloudTrail" title="Looks the request ID, or the role's last failures in 24 hours, up in AWS CloudTrail">Look up in CloudTrail</button>
<button id="clipboard">Paste from clipboard</button>
<button id="clear">Clear</button>
</div>
<section id="answer" aria-live="polite"></section>
<script nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** The answer as HTML: every text escaped, every button by its number in the answer. */
export function answerHtml(answer: DiagnoseAnswer): string {
  const { certainty, headline, place, reasons, evidence, fixes, alternatives, next, notes } = answer;
  return [
    `<h2 class="${certainty}">${escaped(headline)}</h2>`,
    answer.classTitle === undefined
      ? ''
      : `<p class="class">${escaped(answer.classTitle)} · <button class="link" data-action="docs">What leads to this, and what to do</button></p>`,
    place ? `<p>${placeButton(place, 'place')}</p>` : '',
    fixes.length === 0
      ? ''
      : `<div class="buttons">${fixes.map(({ title }, i) => `<button class="${i === 0 ? 'primary' : ''}" data-action="fix" data-index="${i}">${escaped(title)}</button>`).join('')}</div>`,
    list(
      'Why',
      reasons.map(({ text, place: where }, i) => `${escaped(text)}${where ? ` ${placeButton(where, 'reason', i)}` : ''}`),
    ),
    list(
      'From your paste',
      evidence.map(({ text, paste }, i) =>
        paste > 0 ? escaped(text) : `<button class="link" data-action="evidence" data-index="${i}">${escaped(text)}</button>`,
      ),
    ),
    list(
      'It may also be',
      alternatives.map(({ cause, tell }) => `${escaped(cause)}<br><span class="tell">What tells them apart: ${escaped(tell)}</span>`),
    ),
    list('Next', next.map(escaped)),
    list('Note', notes.map(escaped)),
    `<div class="buttons">${answer.explain ? '<button data-action="explain">Explain Access</button>' : ''}<button data-action="copy">Copy as text</button></div>`,
  ].join('\n');
}

/** A word in the place of an answer. */
export function messageHtml(message: string): string {
  return `<p>${escaped(message)}</p>`;
}

function placeButton({ label }: DiagnosePlace, action: 'place' | 'reason', index = 0): string {
  return `<button class="link place" data-action="${action}" data-index="${index}">${escaped(label)}</button>`;
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `<h3>${title}</h3>\n<ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;
}

import type { MigrateStepResult } from '../../../../protocol/migrate';
import { html, type Html } from '../html';
import { mark, place } from '../parts';
import { count, stepNames, type ShownStep } from './model';

/*
 * A step of the move as a part of its page: what it changes, what is proven of it, what comes next.
 */

/** What a step does, or did, as a heading. */
export function stepHeading({ result: { step, accounts, files, script }, applied }: ShownStep): string {
  const who = count(accounts.length, 'service account');
  if (applied) return `${stepNames[step]}: ${who} changed in the files`;
  const isNothing = files.length === 0 && script === undefined;
  return isNothing ? `${stepNames[step]}: nothing to change` : `${stepNames[step]}: preview for ${who}`;
}

/** A step: what it changes, what is proven of it, what comes next. */
export function stepSection(step: ShownStep): Html {
  const { result, applied, unsaved } = step;
  const heading = stepHeading(step);
  return html`<section aria-labelledby="step" class="result">
    <h2 id="step" tabindex="-1" data-attention="${heading}">${heading}</h2>
    ${proofs(result)} ${refused(result)} ${files(result)}
    <div class="tools">
      ${!applied && result.files.length > 0 && html`<button type="button" class="primary" id="apply" data-act="apply">Apply to ${count(result.files.length, 'file')}</button>`}
      ${result.files.length > 0 && !applied && html`<button type="button" class="secondary" id="show" data-act="show">Show the changes</button>`}
      <button type="button" class="secondary" id="close" data-act="close">
        ${applied || result.files.length === 0 ? 'Close' : 'Discard'}
      </button>
    </div>
    ${
      unsaved.length > 0 &&
      html`<p class="problem">Not saved yet: <span class="name">${unsaved.join(', ')}</span>.</p>
        <div class="tools">
          <button type="button" class="primary" id="save" data-act="save">Save ${count(unsaved.length, 'file')}</button>
        </div>`
    }
    ${applied && html`<p class="note">To take it back, use Undo (Ctrl+Z, or Cmd+Z) in one of these files: it undoes the change in all of them.</p>`}
    ${
      result.script !== undefined &&
      html`<h3>Commands</h3>
        <p>No file here can hold these changes. Run the commands yourself, after the files are deployed.</p>
        <pre class="quoted" id="script">${html`${lines(result.script)}`}</pre>
        <div class="tools"><button type="button" class="secondary" id="copy-script" data-act="copy-script">Copy script</button></div>`
    }
    ${
      result.next.length > 0 &&
      html`<h3>What to deploy next</h3>
        <ol class="numbers">
          ${result.next.map((text) => html`<li class="name">${text}</li>`)}
        </ol>`
    }
  </section>`;
}

/** The lines of a text, each escaped, with the line breaks of HTML's `pre`. */
function lines(text: string): Html[] {
  return text.split('\n').map((line, i) => html`${i > 0 && html`<br />`}${line}`);
}

function proofs({ proofs: all }: MigrateStepResult): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<ul class="parts">
    ${all.flatMap(({ role, lines: each }) =>
      each.map(
        ({ holds, text }) =>
          html`<li>
            ${mark(holds, holds === true ? 'proven' : holds === false ? 'not so' : 'not proven')}
            <span class="name"><strong>${role}</strong>: ${text}</span>
          </li>`,
      ),
    )}
  </ul>`;
}

function refused({ refused: all }: MigrateStepResult): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<h3>Left as they are</h3>
    <ul class="dots">
      ${all.map(({ account, reason: why }) => html`<li class="name"><strong>${account}</strong>: ${why}</li>`)}
    </ul>`;
}

function files({ files: all }: MigrateStepResult): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<h3>Files</h3>
    <ul class="dots">
      ${all.map(
        ({ uri, path, action }) =>
          html`<li>
            ${action === 'create' ? html`<span class="name">${path}</span> <span class="note">new</span>` : place({ label: path, uri, line: 0, character: 0 })}
          </li>`,
      )}
    </ul>`;
}

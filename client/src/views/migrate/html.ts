import type { MigrateReason, MigrateRow, MigrateStepResult } from '../../../../protocol/migrate';
import { html, type Html } from '../html';
import { mark, place } from '../parts';
import {
  canPick,
  keyOf,
  outcomeWords,
  pickedIn,
  rowsIn,
  scopeValue,
  stateWords,
  stepNames,
  type MigrateModel,
  type ShownStep,
} from './model';

/** The body of Migrate to EKS Pod Identity: what is shown, the step that was computed, then the plan with a row an account. */
export function migrateBody(model: MigrateModel): Html {
  const back = model.direction === 'to-irsa';
  return html`<header>
      <h1 tabindex="-1">${back ? 'Move back to IRSA' : 'Migrate to EKS Pod Identity'}</h1>
      <p class="note">
        ${
          back
            ? 'Expand lets the trust policy allow the OIDC provider again and adds the annotation. Contract removes the association.'
            : 'Expand lets the trust policy also allow EKS Pod Identity and writes the association. Contract removes the annotation and the OIDC provider statement. Deploy and restart between the two.'
        }
        Files are changed only after a preview.
      </p>
    </header>
    ${model.problem !== undefined && html`<p class="name problem" role="alert">${model.problem}</p>`} ${model.step && shownStep(model.step)}
    ${fields(model)} ${buttons(model)} ${table(model)} ${packages(model)}`;
}

/** What a screen reader says when the plan or a step is there. */
export function migrateAnnouncement(model: MigrateModel): string {
  const { step } = model;
  if (model.problem !== undefined) return model.problem;
  if (step) return `${stepHeading(step)}. ${step.result.files.length} files.`;
  const rows = rowsIn(model);
  const can = rows.filter(({ outcome }) => outcome === 'can-move').length;
  return `${rows.length} service accounts, ${can} can move.`;
}

function fields(model: MigrateModel): Html {
  const { plan, scope, direction, cluster } = model;
  const chosen = scopeValue(scope);
  const namespaces = [...new Set(plan.rows.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])))].sort();
  const accounts = [...new Set(plan.rows.flatMap(({ account }) => (account ? [keyOf(account)] : [])))].sort();
  const option = (value: string, text: string): Html =>
    html`<option value="${value}" ${value === chosen && html`selected`}>${text}</option>`;
  return html`<div class="fields">
    <label
      >Show
      <select id="scope" data-change="scope">
        ${option('', 'All service accounts')} ${namespaces.map((each) => option(`namespace ${each}`, `Namespace ${each}`))}
        ${accounts.map((each) => option(`account ${each}`, each))}
      </select></label
    >
    <label
      >State
      <select id="filter-state" data-filters="plan" data-by="state">
        <option value="">All</option>
        ${[...Object.values(stateWords), ...Object.values(outcomeWords)].map((words) => html`<option value="${words}">${words}</option>`)}
      </select></label
    >
    <label>Filter <input id="filter-text" type="search" data-filters="plan" data-by="text" placeholder="account, role, reason" /></label>
    <label
      >Cluster
      <input id="cluster" type="text" data-change="cluster" value="${cluster}" placeholder="if no file names it" spellcheck="false"
    /></label>
    <label
      >Direction
      <select id="direction" data-change="direction">
        <option value="to-pod-identity" ${direction === 'to-pod-identity' && html`selected`}>To EKS Pod Identity</option>
        <option value="to-irsa" ${direction === 'to-irsa' && html`selected`}>Back to IRSA</option>
      </select></label
    >
  </div>`;
}

function buttons(model: MigrateModel): Html {
  const picked = pickedIn(model);
  const disabled = picked.length === 0 && html`disabled`;
  const keys = new Set(picked.map(keyOf));
  // What comes next for those that are picked.
  const isExpanded =
    picked.length > 0 && rowsIn(model).every(({ account, state }) => !account || !keys.has(keyOf(account)) || state !== 'not-started');
  const button = (act: 'expand' | 'contract' | 'undo', text: string, first: boolean): Html =>
    html`<button type="button" class="${first ? 'primary' : 'secondary'}" id="${act}" data-act="preview" data-value="${act}" ${disabled}>
      ${text}
    </button>`;
  return html`<div class="tools">
      <button type="button" class="secondary" id="pick-all" data-act="pick-all">Select all that can move</button>
      ${button('expand', 'Preview expand', !isExpanded)} ${button('contract', 'Preview contract', isExpanded)}
      ${button('undo', 'Preview take back', false)}
      <button type="button" class="secondary" id="copy" data-act="copy-plan">Copy plan as text</button>
    </div>
    <p class="note" id="picked">
      ${picked.length === 0 ? 'Select the service accounts to move.' : `${count(picked.length, 'service account')} selected.`}
    </p>`;
}

function table(model: MigrateModel): Html {
  const rows = rowsIn(model);
  if (rows.length === 0)
    return html`<p>${model.plan.rows.length === 0 ? 'No service account of these files uses a role.' : 'Nothing matches.'}</p>`;
  return html`<section aria-labelledby="accounts">
    <h2 id="accounts">Service accounts (<span id="plan-count" role="status">${rows.length}</span>)</h2>
    <table id="plan" class="plan">
      <thead>
        <tr>
          <th scope="col"><span class="unseen">Selected</span></th>
          <th scope="col">Service account</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => accountRow(row, model.picked))}
      </tbody>
    </table>
  </section>`;
}

/** Packages of lock files that are too old, of which no file tells whose image they are in. */
function packages({ plan, direction }: MigrateModel): Html | undefined {
  const { packages: all = [] } = plan;
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="packages">
    <h2 id="packages">Packages to check</h2>
    <p>
      These packages are too old for ${direction === 'to-irsa' ? 'IRSA' : 'EKS Pod Identity'}. Update those that are in an image of these
      service accounts.
    </p>
    <ul class="dots">
      ${all.map(({ label, place: at }) => html`<li><span class="name">${label}</span> ${place(at)}</li>`)}
    </ul>
  </section>`;
}

const outcomeMarks = { 'can-move': true, 'cannot-move': false, unknown: null } as const;

function accountRow(row: MigrateRow, picked: MigrateModel['picked']): Html {
  const { account, label, role, cluster, state, outcome, reasons, places, workloads } = row;
  const key = account && keyOf(account);
  const text = [label, role, cluster ?? '', ...reasons.map(({ message }) => message), ...workloads].join(' ');
  return html`<tr data-text="${text}" data-state="${`${stateWords[state]}\t${outcomeWords[outcome]}`}">
    <td>
      ${
        key !== undefined &&
        canPick(row) &&
        html`<input
          type="checkbox"
          id="pick ${key}"
          data-change="pick"
          data-value="${key}"
          aria-label="Select ${key}"
          ${picked.has(key) && html`checked`}
        />`
      }
    </td>
    <th scope="row">
      <span class="name"><strong>${label}</strong> → ${role}</span
      >${cluster !== undefined && html` <span class="note name">in cluster ${cluster}</span>`}
      <p class="where">${places.map((each, i) => html`${i > 0 && ' · '}<span class="name">${each.label}</span> ${place(each.place)}`)}</p>
      ${
        reasons.length > 0 &&
        html`<ul class="dots">
          ${reasons.map(reason)}
        </ul>`
      }
      ${workloads.length > 0 && html`<p class="note name">Used by ${workloads.join(', ')}</p>`}
    </th>
    <td>
      ${mark(outcomeMarks[outcome], outcomeWords[outcome])} ${outcomeWords[outcome]}<br /><span class="note">${stateWords[state]}</span>
    </td>
  </tr>`;
}

function reason({ effect, message, place: at }: MigrateReason): Html {
  return html`<li><span class="name">${effect === 'note' && 'Note: '}${message}</span> ${place(at)}</li>`;
}

function stepHeading({ result: { step, accounts, files, script }, applied }: ShownStep): string {
  const who = count(accounts.length, 'service account');
  if (applied) return `${stepNames[step]}: ${who} changed in the files`;
  const isNothing = files.length === 0 && script === undefined;
  return isNothing ? `${stepNames[step]}: nothing to change` : `${stepNames[step]}: preview for ${who}`;
}

/** A step: what it changes, what is proven of it, what comes next. */
function shownStep(step: ShownStep): Html {
  const { result, applied } = step;
  return html`<section aria-labelledby="step" class="result">
    <h2 id="step">${stepHeading(step)}</h2>
    ${proofs(result)} ${refused(result)} ${files(result)}
    <div class="tools">
      ${!applied && result.files.length > 0 && html`<button type="button" class="primary" id="apply" data-act="apply">Apply to ${count(result.files.length, 'file')}</button>`}
      ${result.files.length > 0 && !applied && html`<button type="button" class="secondary" id="show" data-act="show">Show the changes</button>`}
      <button type="button" class="secondary" id="close" data-act="close">
        ${applied || result.files.length === 0 ? 'Close' : 'Discard'}
      </button>
    </div>
    ${applied && html`<p class="note">To take it back, use Undo in one of these files: it undoes the change in all of them.</p>`}
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

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

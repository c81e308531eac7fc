import type { MigrateReason, MigrateRow } from '../../../../protocol/migrate';
import { html, type Html } from '../html';
import { mark, place } from '../parts';
import { canPick, count, keyOf, outcomeWords, pickedIn, rowsIn, scopeValue, stateWords, type MigrateModel } from './model';
import { stepHeading, stepSection } from './stepHtml';
import { clusterHint, standingOf, summary } from './summary';

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
    ${model.problem !== undefined && html`<p class="name problem" role="alert" id="problem" data-attention="${model.problem}" tabindex="-1">${model.problem}</p>`}
    ${model.step && stepSection(model.step)} ${fields(model)} ${buttons(model)} ${table(model)} ${packages(model)}`;
}

/** What a screen reader says when the plan or a step is there. */
export function migrateAnnouncement(model: MigrateModel): string {
  const { step } = model;
  if (model.problem !== undefined) return model.problem;
  if (step) return `${stepHeading(step)}. ${step.result.files.length} files.`;
  return summary(rowsIn(model));
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
      <button type="button" class="secondary" id="pick-all" data-act="pick-all" data-rows="plan">Select all that can move</button>
      ${button('expand', 'Preview expand', !isExpanded)} ${button('contract', 'Preview contract', isExpanded)}
      ${button('undo', 'Preview undo', false)}
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
  const hint = clusterHint(rows);
  return html`<section aria-labelledby="accounts">
    <h2 id="accounts">Service accounts (<span id="plan-count" role="status">${rows.length}</span>)</h2>
    <p class="note">${summary(rows)}</p>
    ${hint !== undefined && html`<p class="problem">${hint}</p>`}
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

function accountRow(row: MigrateRow, picked: MigrateModel['picked']): Html {
  const { account, label, role, cluster, state, outcome, reasons, places, workloads } = row;
  const { sign, words } = standingOf(row);
  const key = account && keyOf(account);
  const text = [label, role, cluster ?? '', ...reasons.map(({ code, message }) => `${code} ${message}`), ...workloads].join(' ');
  const states = state === 'done' ? stateWords.done : `${stateWords[state]}\t${outcomeWords[outcome]}`;
  return html`<tr data-text="${text}" data-state="${states}" ${key !== undefined && html`data-key="${key}"`}>
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
    <td class="standing">${mark(sign)} ${words.map((each, i) => (i === 0 ? each : html`<br /><span class="note">${each}</span>`))}</td>
  </tr>`;
}

function reason({ effect, message, place: at }: MigrateReason): Html {
  return html`<li><span class="name">${effect === 'note' && 'Note: '}${message}</span> ${place(at)}</li>`;
}

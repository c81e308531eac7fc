import type { AccessData, AccessRow } from '../../../../protocol/access';
import { html, type Html } from '../html';
import { mark, place } from '../parts';
import { accountName, notInEffect } from '../roles/model';
import { choices, notKnown } from './graph';

/** The page of the Access Map: its fields, and where the script draws the map or its table. */
export function mapBody({ rows, permissions }: AccessData): Html {
  const { cluster, namespace, role } = choices(rows);
  const told = Object.keys(permissions).length > 0;
  return html`<header>
      <h1 tabindex="-1">Access Map</h1>
      <p id="summary" role="status">&nbsp;</p>
      <div class="fields">
        <label>Filter <input id="filter-text" type="search" placeholder="name, role, reason" /></label>
        ${list('filter-decision', 'Verdict', [
          ['', 'All'],
          ['denied', "Can't assume"],
          ['unknown', 'Unknown'],
          ['allowed', 'Can assume'],
        ])}
        ${values('filter-cluster', 'Cluster', cluster)} ${values('filter-namespace', 'Namespace', namespace)}
        ${values('filter-role', 'Role', role)}
        ${list('group-by', 'Group by', [
          ['none', 'Nothing'],
          ['namespace', 'Namespace'],
          ['cluster', 'Cluster'],
          ['role', 'Role'],
        ])}
        ${list('show-as', 'Show as', [
          ['map', 'Map'],
          ['table', 'Table'],
        ])}
      </div>
      <div class="tools">
        <button type="button" class="secondary" id="zoom-out" data-zoom="0.8" aria-label="Zoom out">−</button>
        <button type="button" class="secondary" id="zoom-in" data-zoom="1.25" aria-label="Zoom in">+</button>
        <button type="button" class="secondary" id="zoom-fit" data-zoom="fit">Fit</button>
        <button type="button" class="secondary" id="export-svg" data-export="svg">Export SVG</button>
        <button type="button" class="secondary" id="export-mermaid" data-export="mermaid">Export Mermaid</button>
      </div>
      <p class="legend">
        <svg width="34" height="10" aria-hidden="true"><path class="edge allowed" d="M0 5H34" /></svg> ✓ can assume
        <svg width="34" height="10" aria-hidden="true"><path class="edge denied" d="M0 5H34" /></svg> ✗ can't assume
        <svg width="34" height="10" aria-hidden="true"><path class="edge unknown" d="M0 5H34" /></svg> ? unknown
      </p>
      ${!told && html`<p class="note">Permissions aren't shown: AWS wasn't queried, and no snapshot has them.</p>`}
    </header>
    <div id="map" class="scrolls"></div>`;
}

function values(id: string, label: string, all: readonly string[]): Html | undefined {
  if (all.length < 2) return undefined;
  return list(id, label, [['', 'All'], ...all.map((value): [string, string] => [value, value === '' ? notKnown : value])]);
}

function list(id: string, label: string, options: readonly (readonly [string, string])[]): Html {
  return html`<label
    >${label}
    <select id="${id}">
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select></label
  >`;
}

const standings = { overridden: 'overridden', perhaps: 'if the association applies' } as const;
const words = { allowed: 'can assume', denied: "can't assume", unknown: 'unknown' } as const;

/** The same rows as a table, what fails first. */
export function mapTable(rows: readonly AccessRow[], permissions: AccessData['permissions']): Html {
  const order = ['denied', 'unknown', 'allowed'];
  // What isn't in effect needs no look.
  const rank = (row: AccessRow): number => (notInEffect(row) ? order.length : order.indexOf(row.decision));
  const sorted = [...rows].sort((a, b) => rank(a) - rank(b));
  const told = Object.keys(permissions).length > 0;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Verdict</th>
        <th scope="col">Service account</th>
        <th scope="col">Role</th>
        <th scope="col">Workload</th>
        ${told && html`<th scope="col">Permissions</th>`}
      </tr>
    </thead>
    <tbody>
      ${sorted.map(
        (row) =>
          html`<tr>
            <td>
              ${notInEffect(row) ? '–' : mark(row.decision)}
              ${verdictWords(row)}${row.reason !== undefined && html`: <span class="name">${row.reason}</span>`}
            </td>
            <th scope="row">
              <span class="name">${accountName(row)}</span
              >${(row.overlays ?? []).map((each) => html` <span class="note name">${each}</span>`)} ${place(row.account)}
            </th>
            <td>
              <span class="name">${row.roleName}</span>
              ${place(row.policy)}${row.mechanism === 'pod-identity' && html` <span class="note">Pod Identity${row.targetRole !== undefined && html`, then ${row.targetRole}${row.targetPolicy && html` ${place(row.targetPolicy)}`}`}${row.moving && ', moving from IRSA'}</span>`}
            </td>
            <td>
              ${row.workload ? html`<span class="name">${row.workload.kind} ${row.workload.name}</span> ${place(row.workload.place)}` : '–'}
            </td>
            ${told && html`<td>${permissions[row.role]?.words ?? 'unknown'}</td>`}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What a row's verdict is called; what isn't in effect is what it would be. */
function verdictWords(row: AccessRow): string {
  const standing = notInEffect(row);
  return standing ? `${standings[standing]} (${words[row.decision]})` : words[row.decision];
}

import type { PermissionsPage, ShownGrant, ShownLink, ShownPolicy, ShownSection } from '../../../../protocol/permissions';
import { html, type Html } from '../html';
import { mark, place, placeValue } from '../parts';

/** More actions than this in one cell are folded. */
const mostActions = 12;

/** The body of Show Role Permissions: what is wide or unknown, the table with its filters, what is denied, policies and boundary. */
export function permissionsBody(page: PermissionsPage): Html {
  return html`<header>
      <h1 tabindex="-1"><span class="name">${page.title}</span></h1>
      <p class="name note">${page.roleArn}</p>
      ${page.facts.map((fact) => html`<p class="name note">${fact}</p>`)}
      <div class="tools">
        ${page.links.map((each) => link(each))}
        <button type="button" class="secondary" id="copy" data-act="copy">Copy as text</button>
      </div>
    </header>
    ${page.first.map(section)} ${accounts(page)} ${summary(page)} ${table(page)} ${page.others.map(section)}
    ${
      page.denies.length > 0 &&
      html`<section aria-labelledby="denied">
        <h2 id="denied">Denied</h2>
        <ul>
          ${page.denies.map(({ text, statement }) => html`<li>${mark(false, 'denied')} <span class="name">${text}</span> ${link(statement)}</li>`)}
        </ul>
      </section>`
    }
    ${policies(page)} ${page.unseen && section(page.unseen)}
    <p class="note">${page.source}</p>`;
}

function section({ heading, lines }: ShownSection): Html {
  return html`<section>
    <h2>${heading}</h2>
    ${
      lines.length === 1
        ? html`<p class="name">${lines[0]}</p>`
        : html`<ul class="dots">
            ${lines.map((line) => html`<li class="name">${line}</li>`)}
          </ul>`
    }
  </section>`;
}

function accounts({ accounts: all, moreAccounts }: PermissionsPage): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<section aria-labelledby="accounts">
    <h2 id="accounts">Service accounts that use it</h2>
    <ul>
      ${all.map((each) => html`<li><span class="name">${each.text}</span> ${place(each.place)}</li>`)}
      ${moreAccounts > 0 && html`<li class="note">and ${moreAccounts} more</li>`}
    </ul>
  </section>`;
}

const levels = ['list', 'read', 'write', 'permissions', 'tagging'] as const;

function summary({ services }: PermissionsPage): Html | undefined {
  if (services.length === 0) return undefined;
  return html`<section aria-labelledby="services">
    <h2 id="services">Allowed actions by service and access level</h2>
    <div class="scrolls">
      <table>
        <thead>
          <tr>
            <th scope="col">Service</th>
            ${levels.map((level) => html`<th scope="col" class="number">${level}</th>`)}
            <th scope="col">On</th>
          </tr>
        </thead>
        <tbody>
          ${services.map(
            ({ name, counts, where }) =>
              html`<tr>
                <th scope="row">${name}</th>
                ${levels.map((level) => html`<td class="number">${counts[level] > 0 ? counts[level] : '–'}</td>`)}
                <td class="name">${where}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function table({ grants, services }: PermissionsPage): Html | undefined {
  if (grants.length === 0) return undefined;
  const names = new Map(services.map(({ prefix, name }) => [prefix, name]));
  const used = levels.filter((level) => grants.some((grant) => grant.levels.some((each) => each.level === level)));
  return html`<section aria-labelledby="allowed">
    <h2 id="allowed">
      What allows them (<span id="grants-count" role="status">${grants.reduce((sum, grant) => sum + grant.levels.length, 0)}</span>)
    </h2>
    <div class="fields">
      <label
        >Filter <input id="filter-text" type="search" data-filters="grants" data-by="text" placeholder="action, resource, policy"
      /></label>
      <label
        >Service
        <select id="filter-service" data-filters="grants" data-by="service">
          <option value="">All</option>
          ${services.map(({ prefix, name }) => html`<option value="${prefix}">${name}</option>`)}
        </select></label
      >
      <label
        >Level
        <select id="filter-level" data-filters="grants" data-by="level">
          <option value="">All</option>
          ${used.map((level) => html`<option value="${level}">${level}</option>`)}
        </select></label
      >
    </div>
    <div class="scrolls">
      <table id="grants">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Level</th>
            <th scope="col">Actions</th>
            <th scope="col">Resources</th>
            <th scope="col">Allowed by</th>
          </tr>
        </thead>
        <tbody>
          ${grants.flatMap((grant, i) => grant.levels.map((_, k) => row(grant, i, k, names.get(grant.service) ?? grant.service)))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(grant: ShownGrant, i: number, k: number, name: string): Html {
  const { service, resources, conditions, statement, limits, whole } = grant;
  const { level, count, actions } = grant.levels[k]!;
  const text = [name, service, level, ...actions, whole ?? '', ...resources, ...conditions, statement.label].join(' ');
  const shown = actions.join(', ');
  return html`<tr data-text="${text}" data-service="${service}" data-level="${level}">
    <th scope="row">${name}</th>
    <td>${level}</td>
    <td class="name">
      ${
        actions.length === 0
          ? `all ${count} ${level} actions`
          : actions.length <= mostActions
            ? shown
            : html`<details id="actions-${i}-${k}">
                <summary>${actions.length} actions</summary>
                ${shown}
              </details>`
      }
    </td>
    <td class="name">
      ${resources.join(', ')}${conditions.length > 0 && html`<br /><span class="note">if ${conditions.join(' and ')}</span>`}
    </td>
    <td>${link(statement)}${limits.map((limit) => html`<br /><span class="note name">less what is denied by ${limit}</span>`)}</td>
  </tr>`;
}

function policies({ policies: own, boundary }: PermissionsPage): Html | undefined {
  if (!own) return undefined;
  return html`<section aria-labelledby="policies">
    <h2 id="policies">Policies</h2>
    ${
      own.length === 0
        ? html`<p>None.</p>`
        : html`<ul>
            ${own.map(policy)}
          </ul>`
    }
    ${boundary && html`<p class="name">${boundary.text}</p>`}
    ${
      boundary?.policy &&
      html`<ul>
        ${policy(boundary.policy)}
      </ul>`
    }
    ${boundary && boundary.cut.length > 0 && html`<p class="name note">Cut off by the boundary: ${boundary.cut.join(', ')}</p>`}
  </section>`;
}

function policy({ name, kind, uri, console }: ShownPolicy): Html {
  return html`<li>
    ${uri === undefined ? html`<span class="name">${name}</span>` : link({ label: name, uri })} <span class="note">${kind}</span>
    ${console && link(console)}
  </li>`;
}

/** A link to a document of AWS, or to the AWS console. */
function link({ label, uri }: ShownLink): Html {
  const isConsole = uri.startsWith('https:');
  const value = isConsole ? uri : placeValue({ uri, line: 0, character: 0 });
  return html`<a class="name" href="#place" data-act="${isConsole ? 'console' : 'open'}" data-value="${value}">${label}</a>`;
}

import type { AwsRole } from '../../model/aws';
import { trustPolicyUri } from '../../model/awsUri';
import { accessLevels } from '../../permissions/catalogue';
import { isWholeService, named } from '../../permissions/callouts';
import type { Grant } from '../../permissions/effective';
import { permissionsOf, type RolePermissions } from '../../permissions/permissions';
import type { PolicySource } from '../../permissions/sources';
import { byLevel, resourcesOf, type ServicePermissions } from '../../permissions/summary';
import { literal } from '../../text/texts';
import type { AwsIndex } from '../../wiring/aws';
import { policyConsoleUrl, roleConsoleUrl } from '../consoleLinks';
import { accessLine } from '../accesses';
import { placeLabel } from '../markdown';
import type { WorkspaceView } from '../workspaceView';
import { PageText, type Page } from './pageText';
import {
  anyOfWords,
  boundaryWords,
  conditionalWords,
  denyWords,
  lastUsedWords,
  levelNames,
  resourceWords,
  roleFacts,
  sourceWords,
} from './words';

/** Lines of names break here. */
const lineWidth = 110;
/** A service that is allowed as a whole has its actions named one by one up to so many. */
const mostWhole = 10;
/** Accounts that ask for the role, at most. */
const mostAccounts = 50;

/** Everything that is known of a role and what it may do, as a page of plain text. */
export function permissionsPage(view: WorkspaceView, role: AwsRole): Page {
  const aws = view.wiring.aws!;
  const catalogue = view.catalogue();
  const page = new PageText(`Permissions of ${role.name}`);
  roleSection(page, aws, role);
  accountSection(page, view, role);
  if (!role.detail)
    page.heading('Its policies are unknown', [
      aws.source.kind === 'live'
        ? 'They are being read; open this page again in a moment.'
        : 'The snapshot has none of this role. "pod-roles snapshot" writes one that has.',
    ]);
  else if (!catalogue) page.heading('What it may do is not shown', ['The data on access levels is not installed with this program.']);
  else permissionSection(page, permissionsOf(aws, role, catalogue), role);
  page.line();
  page.line(`${sourceWords(aws, role)}${catalogue ? `; access levels of ${catalogue.date} (${catalogue.source})` : ''}.`);
  return page.done();
}

function roleSection(page: PageText, aws: AwsIndex, role: AwsRole): void {
  page.line(role.arn);
  if (role.description) page.line(role.description);
  const used = lastUsedWords(aws, role);
  page.line(
    `${[...roleFacts(role).map(([label, value]) => `${label} ${value}`), ...(used === '' ? [] : [used.charAt(0).toLowerCase() + used.slice(1)])].join(' · ')}`,
  );
  const tags = Object.entries(role.tags ?? {});
  if (tags.length > 0) page.line(`tags ${tags.map(([key, value]) => `${key}=${value}`).join(', ')}`);
  const url = roleConsoleUrl(role);
  if (role.trustPolicy !== undefined) page.linked('', 'Trust policy', { uri: trustPolicyUri(role.arn) });
  if (url) page.linked('', 'Open in console', { uri: url });
}

/** Who asks for the role, and would STS let him in. */
function accountSection(page: PageText, view: WorkspaceView, role: AwsRole): void {
  const chains = [...view.wiring.chains()].filter((chain) => literal(chain.request.value) === role.arn);
  if (chains.length === 0) return;
  page.heading('Service accounts in this workspace that use it');
  for (const chain of chains.slice(0, mostAccounts)) {
    const name = `${chain.namespace ?? '(unknown namespace)'}/${chain.name ?? literal(chain.account.name) ?? '(unknown name)'}`;
    const at = view.position(chain.request.doc, chain.request.key.span.start);
    const line = at?.line ?? 0;
    page.linked(`  ${accessLine(view.access(chain))}: ${name}  `, placeLabel(chain.request.doc.uri, line), {
      uri: chain.request.doc.uri,
      line,
      character: at?.character ?? 0,
    });
  }
  if (chains.length > mostAccounts) page.line(`  and ${chains.length - mostAccounts} more`);
}

function permissionSection(page: PageText, permissions: RolePermissions, role: AwsRole): void {
  const { services, callouts, denies, gaps, effective, known, policies, boundary } = permissions;
  if (callouts.length > 0)
    page.heading(
      'Wide permissions',
      callouts.map(({ text }) => `⚠ ${text.charAt(0).toUpperCase()}${text.slice(1)}`),
    );
  if (gaps.length > 0) page.heading('Not read, so that there may be more', gaps);
  if (services.length > 0) summaryTable(page, services, role);
  else if (known && effective.unlisted.length === 0) page.heading('May do nothing', ['No policy allows it any action.']);
  for (const service of services) serviceSection(page, service);
  if (effective.unlisted.length > 0) {
    page.heading(
      'Allowed, and not in the data on access levels',
      effective.unlisted.map(({ name, statement }) => `${name}  (${named(statement)})`),
    );
  }
  if (effective.without.length > 0) {
    page.heading(
      'Without effect: the resources of the statement are none that the action acts on',
      effective.without.map(
        ({ action, statement }) =>
          `${action.service}:${action.name}  (${named(statement)}${action.on.length === 0 ? '; it needs Resource "*"' : ''})`,
      ),
    );
  }
  if (denies.length > 0) {
    page.heading('Denied');
    for (const deny of denies) page.linked(`  ${denyWords(deny, role)}  `, named(deny), { uri: deny.source.uri });
  }
  page.heading('Policies');
  for (const source of policies) policyLine(page, source, role);
  if (policies.length === 0) page.line('  none');
  page.line(`  ${boundaryWords(permissions)}`);
  if (boundary) policyLine(page, boundary, role);
  if (effective.cut.length > 0)
    page.wrapped('  Cut off by the boundary: ', effective.cut.map((action) => `${action.service}:${action.name}`).sort(), lineWidth);
  page.heading('Not seen here', [
    'Policies of resources, of the organization (SCP, RCP), of VPC endpoints and of the session can allow or deny more.',
  ]);
}

function summaryTable(page: PageText, services: readonly ServicePermissions[], role: AwsRole): void {
  const width = Math.max(...services.map(({ name }) => name.length), 'May do'.length);
  page.line();
  page.line(`${'May do'.padEnd(width)}  ${accessLevels.map((level) => levelNames[level].padStart(columnOf(level))).join('  ')}`);
  for (const service of services) {
    const counts = accessLevels
      .map((level) => (service.counts[level] > 0 ? String(service.counts[level]) : '–').padStart(columnOf(level)))
      .join('  ');
    const anyOf = anyOfWords(service);
    const where = [
      service.whole ? 'every action' : '',
      `on ${resourceWords(service, role)}`,
      anyOf === '' ? '' : `⚠ ${anyOf}`,
      conditionalWords(service),
    ];
    page.line(`${service.name.padEnd(width)}  ${counts}  ${where.filter((text) => text !== '').join(' ')}`);
  }
}

function columnOf(level: (typeof accessLevels)[number]): number {
  return Math.max(5, levelNames[level].length);
}

function serviceSection(page: PageText, service: ServicePermissions): void {
  page.heading(`${service.name} (${service.prefix})`);
  for (const grant of service.grants) grantLines(page, grant, service.size);
}

function grantLines(page: PageText, grant: Grant, size: number): void {
  page.linked(
    `  on ${resourcesOf(grant).join(', ')}${grant.conditions.length > 0 ? ` if ${grant.conditions.join(' and ')}` : ''}  `,
    named(grant.statement),
    { uri: grant.statement.source.uri },
  );
  const levels = byLevel(grant.actions);
  if (isWholeService(grant.statement, grant.service) && grant.limits.length === 0 && grant.actions.length > mostWhole) {
    page.line(
      `    ${grant.actions.length === size ? 'every action' : 'every action that these resources fit'}: ${levels.map(([level, actions]) => `${actions.length} ${levelNames[level]}`).join(', ')}`,
    );
    return;
  }
  for (const [level, actions] of levels) {
    page.wrapped(
      `    ${levelNames[level]} (${actions.length}): `,
      actions.map(({ service, name }) => `${service}:${name}`),
      lineWidth,
    );
  }
  for (const limit of grant.limits) page.line(`    less what is denied by ${named(limit)}`);
}

function policyLine(page: PageText, source: PolicySource, role: AwsRole): void {
  const kinds = { 'aws-managed': 'managed by AWS', 'customer-managed': 'managed by the account', inline: 'inline' };
  const note = `  ${kinds[source.kind]}${source.policy ? '' : ', not read'}`;
  page.linked('    ', source.name, source.policy ? { uri: source.uri } : undefined, note);
  const url = source.arn === undefined ? undefined : policyConsoleUrl(source.arn, role.arn);
  if (url) page.linked('      ', 'Open in console', { uri: url });
}

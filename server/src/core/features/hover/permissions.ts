import { accessLevels, type AccessLevel } from '../../permissions/catalogue';
import { permissionsOf, type RolePermissions } from '../../permissions/permissions';
import type { PolicySource } from '../../permissions/sources';
import type { ServicePermissions } from '../../permissions/summary';
import type { AwsRole } from '../../model/aws';
import type { AwsIndex } from '../../wiring/aws';
import { some } from '../../permissions/callouts';
import { roleConsoleUrl } from '../consoleLinks';
import { code, codeCell, commandLink, documentLink, escape, urlLink, type LinkOptions } from '../markdown';
import {
  anyOfWords,
  boundaryWords,
  conditionalWords,
  denyWords,
  lastUsedWords,
  levelNames,
  resourceWords,
  sourceWords,
} from '../permissions/words';
import type { WorkspaceView } from '../workspaceView';

/** So many services stand in the card's table; the page has all. */
const mostRows = 10;
const mostDenies = 3;
const mostPolicies = 6;

/** What AWS knows of a role, for its card: description, what it may do, from what, and where to go on. */
export function permissionSections(view: WorkspaceView, role: AwsRole, options: LinkOptions): string[] {
  const aws = view.wiring.aws!;
  const catalogue = view.catalogue();
  return [
    ...(role.detail
      ? catalogue
        ? mayDo(permissionsOf(aws, role, catalogue), role)
        : ["Permissions aren't shown: the data on access levels isn't installed."]
      : [
          aws.source.kind === 'live'
            ? 'Its policies are being read; hover again to see the permissions.'
            : 'The snapshot has no policies of this role.',
        ]),
    origin(view, aws, role, options),
    links(aws, role, catalogue?.date, options),
  ].filter((text) => text !== '');
}

function mayDo(permissions: RolePermissions, role: AwsRole): string[] {
  const { services, callouts, denies, gaps, effective, known } = permissions;
  const parts: string[] = [];
  const admin = callouts.some(({ kind }) => kind === 'administrator');
  if (callouts.length > 0)
    parts.push(
      callouts
        .slice(0, 3)
        .map(({ text }) => `⚠ ${escape(capital(text))}`)
        .join('  \n'),
    );
  if (services.length > 0 && !admin) parts.push(table(services, role));
  else if (known && services.length === 0 && effective.unlisted.length === 0) parts.push('No permissions: no policy allows it any action.');
  if (effective.unlisted.length > 0)
    parts.push(`Also ${codes(effective.unlisted.map(({ name }) => name))}, which the data on access levels does not have.`);
  if (denies.length > 0) {
    const more = denies.length - mostDenies;
    parts.push(
      `Denied: ${denies
        .slice(0, mostDenies)
        .map((deny) => escape(denyWords(deny, role)))
        .join('; ')}${more > 0 ? ` and ${more} more` : ''}`,
    );
  }
  if (effective.without.length > 0) {
    parts.push(
      `Without effect: ${codes([...new Set(effective.without.map(({ action }) => `${action.service}:${action.name}`))])}, since the statement's resources are none that it acts on.`,
    );
  }
  if (gaps.length > 0)
    parts.push(
      gaps
        .slice(0, 3)
        .map((gap) => `Permissions not read in full. ${escape(gap)}`)
        .join('  \n'),
    );
  return parts;
}

function codes(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(code).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function table(services: readonly ServicePermissions[], role: AwsRole): string {
  const levels = accessLevels.filter((level) => level !== 'tagging' || services.some(({ counts }) => counts.tagging > 0));
  const rows = services.slice(0, mostRows).map((service) => row(service, levels, role));
  const more = services.length - mostRows;
  return (
    [
      `| Permissions | ${levels.map((level) => levelNames[level]).join(' | ')} | |`,
      `|:--|${levels.map(() => '--:').join('|')}|:--|`,
      ...rows,
    ].join('\n') +
    (more > 0
      ? `\n\nand ${more} more services: ${escape(
          some(
            services.slice(mostRows).map(({ name }) => name),
            5,
          ),
        )}`
      : '')
  );
}

function row(service: ServicePermissions, levels: readonly AccessLevel[], role: AwsRole): string {
  const resources = resourceWords(service, role);
  const anyOf = anyOfWords(service);
  const where = [
    ...(service.whole ? ['every action'] : []),
    ...(resources === '' ? [] : [`on ${codeCell(resources)}`]),
    ...(anyOf === '' ? [] : [`⚠ ${escape(anyOf)}`]),
    escape(conditionalWords(service)),
  ].filter((text) => text !== '');
  return `| ${escape(service.name)} | ${levels.map((level) => (service.counts[level] > 0 ? service.counts[level] : '–')).join(' | ')} | ${where.join(' ')} |`;
}

/** `From AmazonS3ReadOnlyAccess, inline "queue". Boundary: none. Last used 3 days ago in eu-west-1.` */
function origin(view: WorkspaceView, aws: AwsIndex, role: AwsRole, options: LinkOptions): string {
  const catalogue = view.catalogue();
  if (!role.detail || !catalogue) return '';
  const permissions = permissionsOf(aws, role, catalogue);
  const used = lastUsedWords(aws, role);
  const parts = [];
  if (permissions.policies.length > 0) {
    const shown = permissions.policies.slice(0, mostPolicies).map((source) => policyLink(source, options));
    const more = permissions.policies.length - shown.length;
    parts.push(`From ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`);
  }
  parts.push(escape(boundaryWords(permissions)));
  if (used !== '') parts.push(`${escape(used)}.`);
  return parts.join(' ');
}

function policyLink(source: PolicySource, options: LinkOptions): string {
  const link = source.policy ? documentLink(source.name, source.uri, options) : code(source.name);
  return source.kind === 'inline' ? `inline ${link}` : link;
}

function links(aws: AwsIndex, role: AwsRole, date: string | undefined, options: LinkOptions): string {
  const url = roleConsoleUrl(role);
  return [
    `${escape(sourceWords(aws, role))}${date ? `, access levels of ${escape(date)}` : ''}`,
    commandLink('Open all permissions', 'podRoles.showRolePermissions', [{ roleArn: role.arn }], options),
    url && urlLink('Open in console', url),
    aws.source.kind === 'live' ? commandLink('Refresh', 'podRoles.refreshAwsData', [], options) : undefined,
  ]
    .filter((text) => text !== undefined && text !== '')
    .join(' · ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

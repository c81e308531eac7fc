import type { AwsRole } from '../../model/aws';
import { trustPolicyUri } from '../../model/awsUri';
import { accessLevels } from '../../permissions/catalogue';
import { isWholeService, named } from '../../permissions/callouts';
import type { Grant } from '../../permissions/effective';
import { permissionsOf, type RolePermissions } from '../../permissions/permissions';
import type { PolicySource } from '../../permissions/sources';
import type { PermissionStatement } from '../../permissions/statements';
import { byLevel, resourcesOf, type ServicePermissions } from '../../permissions/summary';
import { literal, trim } from '../../text/texts';
import { visible } from '../../text/visible';
import { accessByGrant } from '../../trust/access';
import type { Grant as Association } from '../../wiring/grants';
import { policyConsoleUrl, roleConsoleUrl } from '../consoleLinks';
import { accessLine } from '../accesses';
import type { ShowPlace } from '../explain/page';
import type { WorkspaceView } from '../workspaceView';
import type { PermissionsShown, ShownGrant, ShownLink, ShownPolicy, ShownSection, ShownService } from './shown';
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

/** A service that is allowed as a whole has its actions named one by one up to so many. */
const mostWhole = 10;
/** Service accounts that use the role, at most. */
const mostAccounts = 50;

type Told = Pick<PermissionsShown, 'first' | 'services' | 'grants' | 'others' | 'denies' | 'policies' | 'boundary' | 'unseen'>;

/** Everything that is known of a role and what it may do. */
export function permissionsPage(view: WorkspaceView, role: AwsRole, show: ShowPlace): PermissionsShown {
  const aws = view.wiring.aws!;
  const catalogue = view.catalogue();
  const url = roleConsoleUrl(role);
  const grants = grantsOf(view, role);
  const links: ShownLink[] = [
    ...(role.trustPolicy === undefined ? [] : [{ label: 'Trust policy', uri: trustPolicyUri(role.arn) }]),
    ...(url ? [{ label: 'Open in console', uri: url }] : []),
  ];
  const told: Told = !role.detail
    ? nothing(
        'Its policies are unknown',
        aws.source.kind === 'live'
          ? 'They are being read; open this page again in a moment.'
          : 'The snapshot has none of this role. "pod-roles snapshot" writes one that has.',
      )
    : !catalogue
      ? nothing("Its permissions can't be shown", 'The data on access levels is not installed with this program.')
      : toldOf(permissionsOf(aws, role, catalogue), role);
  return allVisible({
    title: `Permissions of ${role.name}`,
    roleArn: role.arn,
    facts: factsOf(view, role),
    links,
    ...accountsOf(view, role, grants, show),
    ...told,
    first: [...sessionPolicies(grants), ...told.first],
    source: `${sourceWords(aws, role)}${catalogue ? `; access levels of ${catalogue.date} (${catalogue.source})` : ''}.`,
  });
}

/** The same with each text made visible: policies and tags hold what anyone wrote. URIs are made by us, and encoded. */
function allVisible<T>(value: T, key = ''): T {
  if (typeof value === 'string') return (key === 'uri' ? value : visible(value)) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => allVisible(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, allVisible(each as unknown, name)])) as T;
}

function nothing(heading: string, line: string): Told {
  return { first: [{ heading, lines: [line] }], services: [], grants: [], others: [], denies: [] };
}

function factsOf(view: WorkspaceView, role: AwsRole): string[] {
  const used = lastUsedWords(view.wiring.aws!, role);
  const tags = Object.entries(role.tags ?? {});
  return [
    role.description ?? '',
    [
      ...roleFacts(role).map(([label, value]) => `${label} ${value}`),
      ...(used === '' ? [] : [used.charAt(0).toLowerCase() + used.slice(1)]),
    ].join(' · '),
    tags.length === 0 ? '' : `tags ${tags.map(([key, value]) => `${key}=${value}`).join(', ')}`,
  ].filter((line) => line !== '');
}

/** The associations of files, and of AWS for accounts of files, that give pods the role: by itself, or as their target role. */
function grantsOf({ wiring }: WorkspaceView, role: AwsRole): Association[] {
  const found = [...wiring.grants()];
  const accounts = new Map(wiring.aws?.associations().map((each) => [`${each.namespace}/${each.serviceAccount}`, each]));
  for (const { namespace, serviceAccount: name } of accounts.values())
    found.push(...wiring.grantsOf({ namespace, name, places: [] }).filter(({ association }) => !association));
  return found.filter(({ role: own, target }) => {
    const given = target ? target.role : own;
    return given !== undefined && literal(trim(given)) === role.arn;
  });
}

/** That a session policy leaves pods less than the role's policies allow. */
function sessionPolicies(grants: readonly Association[]): ShownSection[] {
  const lines = grants.flatMap(({ sessionPolicy, namespace, serviceAccount, cluster }) =>
    sessionPolicy === undefined
      ? []
      : [
          `${namespace}/${serviceAccount}${cluster.name === undefined ? '' : ` in cluster ${cluster.name}`}: only what the association's session policy allows, too`,
        ],
  );
  const more = lines.length - mostAccounts;
  return lines.length > 0
    ? [{ heading: 'Restricted by a session policy', lines: [...lines.slice(0, mostAccounts), ...(more > 0 ? [`and ${more} more`] : [])] }]
    : [];
}

/** Which service accounts use the role, and whether they can assume it. */
function accountsOf(
  view: WorkspaceView,
  role: AwsRole,
  grants: readonly Association[],
  show: ShowPlace,
): Pick<PermissionsShown, 'accounts' | 'moreAccounts'> {
  const chains = [...view.wiring.chains()].filter((chain) => literal(chain.request.value) === role.arn);
  const given = grants.map((grant) => {
    const access = accessByGrant(grant, view.wiring.aws);
    const { association, source } = grant;
    const place = association && show({ doc: association.doc, span: association.head });
    const from = association ? '' : ` (${source ?? 'AWS'})`;
    return {
      decision: access.decision,
      text: `${accessLine(access)}: ${grant.namespace}/${grant.serviceAccount}${from}`,
      ...(place ? { place } : {}),
    };
  });
  const annotated = chains.slice(0, mostAccounts).map((chain) => {
    const access = view.access(chain);
    const name = `${chain.namespace ?? '(unknown namespace)'}/${chain.name ?? literal(chain.account.name) ?? '(unknown name)'}`;
    const place = show({ doc: chain.request.doc, span: chain.request.key.span });
    return { decision: access.decision, text: `${accessLine(access)}: ${name}`, ...(place ? { place } : {}) };
  });
  const accounts = [...annotated, ...given].slice(0, mostAccounts);
  return { accounts, moreAccounts: chains.length + given.length - accounts.length };
}

function toldOf(permissions: RolePermissions, role: AwsRole): Told {
  const { services, callouts, denies, gaps, effective, known, policies, boundary } = permissions;
  const section = (heading: string, lines: readonly string[]): ShownSection[] => (lines.length > 0 ? [{ heading, lines }] : []);
  const isNothing = services.length === 0 && known && effective.unlisted.length === 0;
  return {
    first: [
      ...section(
        'Wide permissions',
        callouts.map(({ text }) => `⚠ ${text.charAt(0).toUpperCase()}${text.slice(1)}`),
      ),
      ...section('Not read, so that there may be more', gaps),
      ...section('No permissions', isNothing ? ['No policy allows it any action.'] : []),
    ],
    services: services.map((service) => serviceOf(service, role)),
    grants: services.flatMap((service) => service.grants.map((grant) => grantOf(grant, service.size))),
    others: [
      ...section(
        'Allowed, and not in the data on access levels',
        effective.unlisted.map(({ name, statement }) => `${name}  (${named(statement)})`),
      ),
      ...section(
        'Without effect: the resources of the statement are none that the action acts on',
        effective.without.map(
          ({ action, statement }) =>
            `${action.service}:${action.name}  (${named(statement)}${action.on.length === 0 ? '; it needs Resource "*"' : ''})`,
        ),
      ),
    ],
    denies: denies.map((deny) => ({ text: denyWords(deny, role), statement: linkOf(deny) })),
    policies: policies.map((source) => policyOf(source, role)),
    boundary: {
      text: boundaryWords(permissions),
      ...(boundary ? { policy: policyOf(boundary, role) } : {}),
      cut: effective.cut.map((action) => `${action.service}:${action.name}`).sort(),
    },
    unseen: {
      heading: 'Not seen here',
      lines: ['Policies of resources, of the organization (SCP, RCP), of VPC endpoints and of the session can allow or deny more.'],
    },
  };
}

function serviceOf(service: ServicePermissions, role: AwsRole): ShownService {
  const { name, prefix, counts, whole } = service;
  const anyOf = anyOfWords(service);
  const where = [
    whole ? 'every action' : '',
    `on ${resourceWords(service, role)}`,
    anyOf === '' ? '' : `⚠ ${anyOf}`,
    conditionalWords(service),
  ].filter((text) => text !== '');
  return { name, prefix, counts, where: where.join(' ') };
}

function grantOf(grant: Grant, size: number): ShownGrant {
  const { service, conditions, statement, limits, actions } = grant;
  const levels = byLevel(actions);
  const isWhole = isWholeService(statement, service) && limits.length === 0 && actions.length > mostWhole;
  return {
    service,
    resources: resourcesOf(grant),
    conditions,
    statement: linkOf(statement),
    levels: levels.map(([level, own]) => ({
      level,
      count: own.length,
      actions: isWhole ? [] : own.map(({ service: prefix, name }) => `${prefix}:${name}`),
    })),
    ...(isWhole
      ? {
          whole: `${actions.length === size ? 'every action' : 'every action that these resources fit'}: ${levels.map(([level, own]) => `${own.length} ${levelNames[level]}`).join(', ')}`,
        }
      : {}),
    limits: limits.map(named),
  };
}

function linkOf(statement: PermissionStatement): ShownLink {
  return { label: named(statement), uri: statement.source.uri };
}

function policyOf(source: PolicySource, role: AwsRole): ShownPolicy {
  const kinds = { 'aws-managed': 'managed by AWS', 'customer-managed': 'managed by the account', inline: 'inline' };
  const url = source.arn === undefined ? undefined : policyConsoleUrl(source.arn, role.arn);
  return {
    name: source.name,
    kind: `${kinds[source.kind]}${source.policy ? '' : ', not read'}`,
    ...(source.policy ? { uri: source.uri } : {}),
    ...(url ? { console: { label: 'Open in console', uri: url } } : {}),
  };
}

/** The columns of the summary, in the order in which they are shown. */
export const levelColumns = accessLevels.map((level) => [level, levelNames[level]] as const);

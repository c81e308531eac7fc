import type { Reading } from '../evidence';
import type { SymptomId } from '../symptoms/catalogue';
import { matchesOf, read, type Collector, type Prepared, type Recogniser } from './recogniser';
import { isNodeRoleName, roleReadings, sessionKind, type SessionKind } from './values';

/**
 * `User: arn:aws:sts::111122223333:assumed-role/ROLE/SESSION is not authorized to perform: s3:GetObject on resource: …
 * because no identity-based policy allows …`. The one text of a refusal that names who asked.
 */
const refusal =
  /(?:is|are)\s+not\s+authorized\s+to\s+perform:?\s+([A-Za-z0-9-]{1,40}):([A-Za-z0-9*]{1,80})(?:\s+on\s+(?:the\s+)?(?:resource|following\s+resource):?\s+["'`]?(\S{1,400}))?(?:[\s\S]{0,4}?(?:because\s+no|with\s+an\s+explicit\s+deny\s+in\s+an?)\s+([a-z -]{3,40}?)\s+(?:policy|allows))?/gi;
/** Who stands before it. Ids may be masked, and names cut. */
const sessionBefore = /assumed-role\/([^\s/"'`]{1,80})\/([^\s"'`]{1,128})["'`\s]{0,4}$/;
const otherBefore = /User:\s{1,3}\S{1,160}["'`\s]{0,4}$/;
const userBefore = /:user\/[^\s"'`]{1,128}["'`\s]{0,4}$/;
const reach = 320;
/** What `aws sts get-caller-identity` answers, and any other mention of a session. */
const session = /arn:aws[a-z-]{0,12}:sts::(\d{12}|[*xX\u2026\u00b7]{2,14}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@:-]{2,64})/g;

export const callers: Recogniser = {
  name: 'AWS',
  read(paste, found) {
    for (const match of matchesOf(paste.text, refusal)) refused(paste, found, match);
    for (const match of matchesOf(paste.text, session)) {
      const [whole, account, role, name] = match as unknown as [string, string, string, string];
      found.observe({
        carrier: 'caller',
        paste: paste.paste,
        offset: paste.at(match.index),
        readings: callerReadings(paste, whole, account, role, name, match.index),
      });
    }
    const identity = /"?UserId"?\s{0,4}:\s{0,4}"?AROA[A-Z0-9]{4,32}:(i-[0-9a-f]{8,17})/.exec(paste.text);
    if (identity) found.symptom(paste, 'node-role', identity.index, 'aws sts get-caller-identity');
  },
};

function callerReadings(paste: Prepared, whole: string, account: string, role: string, name: string, at: number): Reading[] {
  const from = 'the caller';
  const partition = whole.split(':')[1]!;
  const readings = roleReadings(paste, `arn:${partition}:iam::${account}:role/${role}`, at, from).map((each) => ({
    ...each,
    offset: paste.at(at),
  }));
  // A session's ARN leaves out the path of its role.
  const named = readings.map((each): Reading =>
    each.kind === 'role' ? { ...each, value: role, sure: each.sure === 'told' ? 'derived' : each.sure } : each,
  );
  const kind = sessionKind(name);
  if (kind !== 'other') named.push(read(paste, 'sessionName', name, at, from));
  const mechanism = mechanismOf(kind);
  if (mechanism) named.push(read(paste, 'mechanism', mechanism, at, 'the name of the session', 'derived'));
  return named;
}

function mechanismOf(kind: SessionKind): string | undefined {
  return { 'web-identity': 'irsa', 'pod-identity': 'pod-identity', node: 'node', other: undefined }[kind];
}

function refused(paste: Prepared, found: Collector, match: RegExpExecArray): void {
  const [, service, action, resource, policy] = match;
  const before = paste.text.slice(Math.max(0, match.index - reach), match.index);
  const [, role, name] = sessionBefore.exec(before) ?? [];
  const other = otherBefore.test(before);
  const call = `${service}:${action}`;
  const readings = [read(paste, 'action', call, match.index, 'the message')];
  if (role !== undefined && /^[\w+=,.@-]{1,64}$/.test(role)) readings.push(read(paste, 'role', role, match.index, 'the caller', 'derived'));
  if (resource !== undefined && resource.includes(':role/')) readings.push(...targetReadings(paste, resource, match.index));
  if (policy !== undefined) readings.push(read(paste, 'policy', policyWords(policy), match.index, 'the message'));
  const kind = name === undefined ? undefined : sessionKind(name);
  const id = symptomOf(call, { role, kind, user: userBefore.test(before), known: role !== undefined || other }, resource);
  if (id) found.symptom(paste, id, match.index, 'AWS', readings);
}

interface Caller {
  readonly role: string | undefined;
  readonly kind: SessionKind | undefined;
  readonly user: boolean;
  readonly known: boolean;
}

function symptomOf(call: string, { role, kind, user, known }: Caller, resource: string | undefined): SymptomId | undefined {
  const action = call.toLowerCase();
  const isNode = kind === 'node' || (kind !== 'web-identity' && kind !== 'pod-identity' && role !== undefined && isNodeRoleName(role));
  // STS's own recogniser reads it: the caller is the token.
  if (action === 'sts:assumerolewithwebidentity') return undefined;
  if (action === 'eks-auth:assumeroleforpodidentity') return 'agent-no-permission';
  if (action === 'iam:passrole') return 'pass-role-denied';
  if (isNode) return 'node-role';
  if (action === 'sts:tagsession') return 'tag-session';
  if (action === 'sts:assumerole') return isSelf(role, resource) ? 'self-assume' : known ? 'assume-denied' : 'assume-failed';
  if (user) return 'user-keys';
  if (kind === 'web-identity' || kind === 'pod-identity') return 'action-denied';
  return known || role !== undefined ? 'action-denied-unsure' : undefined;
}

function isSelf(role: string | undefined, resource: string | undefined): boolean {
  if (role === undefined || resource === undefined) return false;
  const target = resource.replace(/[^\w+=@]+$/, '');
  return target.slice(target.lastIndexOf('/') + 1) === role;
}

function targetReadings(paste: Prepared, resource: string, at: number): Reading[] {
  return roleReadings(paste, resource, at, "the message's resource")
    .filter(({ kind }) => kind === 'role')
    .map((each) => ({ ...each, kind: 'target' as const, offset: paste.at(at) }));
}

/** The kinds of policies that AWS names; other words are not repeated. */
function policyWords(policy: string): string {
  const known = [
    'identity-based',
    'resource-based',
    'permissions boundary',
    'session',
    'service control',
    'resource control',
    'VPC endpoint',
  ];
  return known.find((each) => policy.toLowerCase().includes(each.toLowerCase())) ?? 'policy';
}

import { parseArn, roleNamePattern, webhookRoleArnPattern, type Arn } from './arn';
import { clause } from '../text/message';
import { literal, split } from '../text/texts';
import type { Text } from '../text/text';
import { hasStandInWord, isStandIn, isStandInAccount } from './standIns';

/** The error in a value that should be a role ARN. */
export interface RoleArnProblem {
  /** The error: a sentence without its full stop. */
  readonly says: string;
  /** The value that was meant. */
  readonly corrected?: { readonly value: string; readonly title: string; readonly sure: boolean };
  /** Set if the value is one word that may be a role's name as well as a placeholder: the name. */
  readonly bareName?: string;
}

/** Twice the maximum length of an ARN: longer values aren't checked. Source: botocore sts arnType. */
const longest = 4096;

/**
 * Judges the annotation's value by the parts that are literal; undefined where it is a role's ARN, or where no
 * file can tell. Sources: IAM guide (reference_identifiers), botocore iam and sts models, webhook pkg/cache.
 */
export function roleArnProblem(text: Text): RoleArnProblem | undefined {
  const { value } = text;
  if (value.length > longest || value.trim() === '') return undefined;
  if (text.refers?.attribute === 'name') return { says: `${text.refers.written} is the name of a role, not its ARN` };
  return edges(text) ?? (/^arn:/.test(value) ? judgeArn(text) : judgeOther(text));
}

/** White space, quotes and punctuation around a value that is right without them. */
function edges(text: Text): RoleArnProblem | undefined {
  const { value } = text;
  const bare = value.replace(/^[\s"'`]+|[\s"'`,;]+$/g, '');
  if (bare === value || !bare.startsWith('arn:')) return undefined;
  const first = text.holes[0]?.start ?? value.length;
  const last = text.holes[text.holes.length - 1]?.end ?? 0;
  const lead = value.indexOf(bare);
  // An edge inside a hole is the template's.
  if (first < lead || last > lead + bare.length) return undefined;
  const extra = value.slice(0, lead) + value.slice(lead + bare.length);
  const problem =
    /[\r\n]/.test(extra) && extra.trim() === ''
      ? 'ends with a line break'
      : extra.trim() === ''
        ? 'has white space around it'
        : /["'`]/.test(extra)
          ? 'has quotes inside the value'
          : clause`ends with "${extra.trim()}"`;
  const clean = text.holes.length > 0 || isRoleArn(bare);
  return {
    says: `This ARN ${problem}`,
    ...(clean ? { corrected: { value: bare, title: 'Remove everything but the ARN', sure: true } } : {}),
  };
}

function judgeArn(text: Text): RoleArnProblem | undefined {
  const { value } = text;
  if (text.holes.length === 0 && /\s/.test(value)) {
    if (hasStandInWord(value)) return undefined;
    const tight = value.replace(/\s+/g, '');
    return {
      says: 'This ARN has white space in it',
      ...(isRoleArn(tight) ? { corrected: { value: tight, title: 'Remove the white space', sure: false } } : {}),
    };
  }
  const arn = parseArn(text);
  if (!arn) return text.holes.length === 0 ? tooFewParts(value) : undefined;
  const partition = literal(arn.partition);
  // Not AWS (MinIO, another cloud with the same API): not checked.
  if (partition !== undefined && partition !== '' && !/^aws/.test(partition)) return undefined;
  return service(arn) ?? region(arn) ?? resourceType(arn) ?? accountId(arn) ?? nameAndPath(arn);
}

/** `arn:aws:iam:123456789012:role/x`, `arn:iam::…:role/x` and what else lacks a colon. */
function tooFewParts(value: string): RoleArnProblem {
  const oneColon = /^(arn:aws[a-z-]*:iam):(\d{12}:role\/.*)$/.exec(value);
  if (oneColon) {
    const corrected = `${oneColon[1]}::${oneColon[2]}`;
    return {
      says: 'This ARN has one colon after "iam" instead of two (IAM has no region)',
      ...(isRoleArn(corrected) ? { corrected: { value: corrected, title: 'Use two colons after iam', sure: true } } : {}),
    };
  }
  const noPartition = /^arn:(iam::\d{12}:role\/.*)$/.exec(value);
  if (noPartition) {
    return {
      says: 'This ARN has no partition',
      corrected: { value: `arn:aws:${noPartition[1]}`, title: 'Add the partition aws', sure: false },
    };
  }
  const type = /^arn:aws[a-z-]*:iam::(role\/.*)$/.test(value);
  return { says: type ? 'This ARN has no account' : 'This ARN is incomplete: it needs six parts, separated by colons' };
}

function service(arn: Arn): RoleArnProblem | undefined {
  const name = literal(arn.service);
  if (name === undefined || name === 'iam') return undefined;
  if (name.toLowerCase() === 'iam') {
    return { says: "The service in this ARN isn't in lowercase", ...rebuilt(arn, { service: 'iam' }, 'Change the service to iam', true) };
  }
  if (name === 'sts' && arn.resource.value.startsWith('assumed-role/')) {
    return { says: 'This is the ARN of a role session (assumed-role), not of the role itself' };
  }
  return name === ''
    ? { says: 'This ARN has no service; it must be "iam"' }
    : { says: clause`This is an ARN of ${name}, not of an IAM role` };
}

function region(arn: Arn): RoleArnProblem | undefined {
  if (literal(arn.service) !== 'iam') return undefined;
  const name = literal(arn.region);
  if (name === undefined || name === '') return undefined;
  return {
    says: clause`This ARN has a region ("${name}"), and IAM ARNs have none`,
    ...rebuilt(arn, { region: '' }, 'Remove the region', true),
  };
}

/** IAM resources other than roles, in words. */
const otherKinds: Readonly<Record<string, string>> = {
  user: 'an IAM user',
  group: 'an IAM group',
  policy: 'an IAM policy',
  'instance-profile': 'an instance profile',
  'oidc-provider': 'an OIDC provider',
  'saml-provider': 'a SAML provider',
  'assumed-role': 'a role session (assumed-role)',
  'server-certificate': 'a server certificate',
  mfa: 'an MFA device',
  'federated-user': 'a federated user',
};

function resourceType(arn: Arn): RoleArnProblem | undefined {
  if (literal(arn.service) !== 'iam') return undefined;
  const { resource } = arn;
  const known = resource.value.slice(0, resource.holes[0]?.start ?? resource.value.length);
  if (known.startsWith('role/')) return undefined;
  const typed = /^([^/:]*)([/:])/.exec(known);
  const type = typed?.[1];
  if (type !== undefined && Object.hasOwn(otherKinds, type) && typed?.[2] === '/') {
    return { says: `This is the ARN of ${otherKinds[type]}, not of a role` };
  }
  if (known === 'root' && resource.holes.length === 0) return { says: "This is the ARN of an account's root, not of a role" };
  if (type !== undefined && /^(roles?|iam-?role)$/i.test(type)) {
    const rest = resource.value.slice(type.length + 1);
    return {
      says: `This ARN has "${type}${typed![2]}" instead of "role/"`,
      ...rebuilt(arn, { resource: `role/${rest}` }, 'Change it to role/', true),
    };
  }
  if (resource.holes.length > 0) return undefined;
  if (known === 'role' && /^\d{12}$/.test(literal(arn.account) ?? ''))
    return { says: 'This ARN ends with "role", without a slash and a name' };
  if (isStandIn(known) || isStandInAccountOf(arn)) return undefined;
  if (known === '') return { says: 'This ARN has no "role/" and no role name' };
  const corrected = typed === null && roleNamePattern.test(known) ? rebuilt(arn, { resource: `role/${known}` }, 'Add role/', false) : {};
  return { says: 'This ARN has no "role/" before the name', ...corrected };
}

function accountId(arn: Arn): RoleArnProblem | undefined {
  if (literal(arn.service) !== 'iam') return undefined;
  const account = literal(arn.account);
  if (account === undefined || /^\d{12}$/.test(account)) return undefined;
  if (account === '') return { says: 'This ARN has no account' };
  if (account === 'aws') return { says: 'The account in this ARN is "aws", which has only policies and no roles' };
  if (isStandInAccount(account)) return undefined;
  const digits = account.replaceAll('-', '');
  if (digits !== account) {
    return {
      says: 'The account ID in this ARN contains dashes',
      ...(digits.length === 12 ? rebuilt(arn, { account: digits }, 'Remove the dashes', true) : {}),
    };
  }
  return { says: `The account ID in this ARN has ${digits.length} digits instead of 12` };
}

function isStandInAccountOf(arn: Arn): boolean {
  const account = literal(arn.account);
  return account !== undefined && !/^\d{12}$/.test(account) && isStandInAccount(account);
}

function nameAndPath(arn: Arn): RoleArnProblem | undefined {
  if (!arn.resource.value.startsWith('role/')) return undefined;
  const segments = split(arn.resource, '/');
  const name = segments[segments.length - 1]!;
  if (name.value === '') {
    const cut = arn.resource.value.replace(/\/+$/, '');
    if (cut === 'role') return { says: 'This ARN has no role name after "role/"' };
    return {
      says: 'This ARN ends with a slash, without a role name',
      ...rebuilt(arn, { resource: cut }, 'Remove the slash', false),
    };
  }
  if (segments.length === 3 && segments[1]!.value === '') {
    const tail = arn.resource.value.slice('role//'.length);
    return { says: 'This ARN has two slashes after "role"', ...rebuilt(arn, { resource: `role/${tail}` }, 'Use one slash', true) };
  }
  const known = literal(name);
  if (known === undefined || roleNamePattern.test(known)) return undefined;
  if (/^[\w+=,.@-]+$/.test(known)) return { says: `The role name has ${known.length} characters; the maximum is 64` };
  // Other characters may be of an unknown template language.
  const bad = isStandIn(known) ? undefined : [...known].find((character) => /[*?:;!&'"]|[^\P{L}a-z]/iu.test(character));
  if (bad === undefined) return undefined;
  return bad === '*' || bad === '?'
    ? { says: 'This ARN contains a wildcard, but it must be one role' }
    : { says: clause`The role name contains "${bad}", which isn't allowed` };
}

/** A value that doesn't start like an ARN. */
function judgeOther(text: Text): RoleArnProblem | undefined {
  const { value } = text;
  const spread = /^arn:/i.exec(value);
  if (spread && text.holes.length === 0) {
    const corrected = value.replace(/^[^:]*:[^:]*:[^:]*/, (head) => head.toLowerCase());
    return {
      says: "This ARN doesn't start in lowercase",
      ...(isRoleArn(corrected) ? { corrected: { value: corrected, title: 'Change the start to lowercase', sure: true } } : {}),
    };
  }
  if (/^https?:\/\//i.test(value)) return { says: 'This is a URL, not the ARN of a role' };
  if (text.holes.length > 0 || isStandIn(value)) return undefined;
  if (/^(aws[a-z-]*:)?iam::\d{12}:role\/\S+$/.test(value)) {
    const whole = value.startsWith('iam') ? `arn:aws:${value}` : `arn:${value}`;
    return {
      says: 'This ARN has no "arn:aws:" at its start',
      corrected: { value: whole, title: 'Add the missing start of the ARN', sure: value.startsWith('aws') },
    };
  }
  if (/^:?\d{12}:role\//.test(value)) return { says: 'This ARN has no "arn:aws:iam:" at its start' };
  const name = value.slice(value.lastIndexOf('/') + 1);
  return { says: "This value isn't an ARN", ...(/^[\w+=,.@/-]+$/.test(value) && roleNamePattern.test(name) ? { bareName: name } : {}) };
}

function isRoleArn(value: string): boolean {
  return webhookRoleArnPattern.test(value);
}

type Parts = Partial<Record<'service' | 'region' | 'account' | 'resource', string>>;

/** The ARN with some parts changed, as the value that was meant, where it is then a role's (or holes leave it open). */
function rebuilt(arn: Arn, parts: Parts, title: string, sure: boolean): Pick<RoleArnProblem, 'corrected'> {
  const of = (key: keyof Parts) => parts[key] ?? arn[key].value;
  const value = `arn:${arn.partition.value}:${of('service')}:${of('region')}:${of('account')}:${of('resource')}`;
  const fits = arn.text.holes.length > 0 || isRoleArn(value) || isStandInAccountOf(arn);
  return fits ? { corrected: { value, title, sure } } : {};
}

import { parseRoleArn } from '../model/arn';
import type { PolicyDocument } from '../model/policy';
import { masked } from '../snapshot/freeText';
import { shownText } from '../text/shown';
import type { Text } from '../text/text';
import { equal, isHole, literal, plain, split } from '../text/texts';
import { shownRole } from './roleText';
import type { Tri } from '../text/tri';
import { absent, present, unknown, type Lookup, type RequestKeys } from './request/lookup';
import { unknownText } from './request/token';

/** A role whose session asks for another role: the association's role, for its target role. */
export interface RoleRequest {
  readonly mechanism: 'role';
  /** The ARN of the role that asks, as far as it is known. */
  readonly role: Text | undefined;
  /** Its account, 12 digits. */
  readonly account?: string | undefined;
  readonly sessionTagsDisabled?: boolean | undefined;
  /** The external ID of the association, where it is known. */
  readonly externalId?: Text | undefined;
  /** What the association is called in the program that makes it: its external ID is referred to by that name. */
  readonly association?: string | undefined;
}

interface Answer {
  readonly matched: Tri;
  readonly message: string;
}

/** Whether a value of a Principal names the role that asks. Source: IAM guide, reference_policies_elements_principal. */
export function matchesRole(kind: string, value: Text, request: RoleRequest): Answer {
  const shown = shownRole(value);
  if (kind !== 'aws')
    return { matched: false, message: `${kind.charAt(0).toUpperCase() + kind.slice(1)} ${shownText(value)} isn't the association's role.` };
  if (value.value === '*') return { matched: true, message: 'AWS is "*", any AWS caller.' };
  const account = accountOfPrincipal(value);
  if (account) return ofAccount(account, request);
  if (isHole(value) && !value.refers) return { matched: null, message: `The AWS principal ${shown} is unknown.` };
  const matched = sameRole(value, request.role);
  if (matched === true) return { matched, message: `AWS ${shown} is the association's role.` };
  return matched === null
    ? { matched, message: `It is unknown whether AWS ${shown} is the association's role.` }
    : { matched, message: `AWS ${shown} isn't the association's role${request.role ? ` ${shownRole(request.role)}` : ''}.` };
}

/** The account that a principal is: by its number, or as its root. */
function accountOfPrincipal(value: Text): Text | undefined {
  if (/^\d{12}$/.test(value.value)) return value;
  const parts = split(value, ':');
  return parts.length === 6 && parts[2]!.value === 'iam' && parts[5]!.value === 'root' ? parts[4] : undefined;
}

function ofAccount(account: Text, { account: own }: RoleRequest): Answer {
  const matched = own === undefined ? null : equal(account, plain(own));
  const message =
    matched === true
      ? `AWS ${shownText(account)} is the account of the association's role, whose own policies must allow the call, too.`
      : matched === null
        ? `It is unknown whether AWS ${shownText(account)} is the account of the association's role.`
        : `AWS ${shownText(account)} isn't the account of the association's role, ${own}.`;
  return { matched, message };
}

/** Whether two values are one role: the same object of a program, or the same ARN; a session's ARN has the role's name in it. */
function sameRole(value: Text, role: Text | undefined): Tri {
  if (!role) return null;
  if (value.refers && role.refers) {
    const others = new Set(role.refers.objects);
    const shared = value.refers.objects.some((id) => others.has(id));
    const isOne = value.refers.objects.length === 1 && others.size === 1 && !value.refers.open && !role.refers.open;
    return shared ? (isOne ? true : null) : value.refers.open || role.refers.open ? null : false;
  }
  if (!isArn(role)) return isOtherName(value, role) ? false : null;
  const session = /:sts:.*:assumed-role\/([^/]+)\//.exec(value.value);
  if (session) return literal(role) !== undefined && !role.value.endsWith(`/${session[1]!}`) ? false : null;
  return equal(value, role);
}

/** False for a role that is known by its name alone, or by that of the object that makes it. */
function isArn({ value, holes }: Text): boolean {
  return value.startsWith('arn:') || holes.length > 0;
}

/** True where a principal is a role of another name than that by which the asking role is known. An object's name isn't its role's. */
function isOtherName(value: Text, role: Text): boolean {
  const name = parseRoleArn(value)?.name;
  return name !== undefined && !role.refers && equal(name, role) === false;
}

/** The keys of the request by which a role asks for another one. Source: IAM guide, global condition keys; STS, AssumeRole. */
export function roleKeys(request: RoleRequest, policy: PolicyDocument): RequestKeys {
  return { lookup: (key) => (key.holes.length > 0 ? open(key) : lookup(key.value.toLowerCase(), key.value, request, policy)) };
}

function open(key: Text): Lookup {
  return unknown(shownText(key), [unknownText()], 'the key is not written out here');
}

function lookup(key: string, name: string, request: RoleRequest, policy: PolicyDocument): Lookup {
  const tags = /^aws:requesttag\/|^aws:tagkeys$|^sts:transitivetagkeys$/.test(key);
  if (tags && request.sessionTagsDisabled) return absent(name, 'the association disables session tags');
  switch (key) {
    case 'sts:externalid':
      return externalId(name, request, policy);
    case 'aws:principalarn':
      return present(name, [request.role && isArn(request.role) ? request.role : unknownText()]);
    case 'aws:principalaccount':
      return present(name, [request.account === undefined ? unknownText() : plain(request.account)]);
    case 'aws:securetransport':
      return present(name, [plain('true')]);
    case 'aws:principaltype':
      return present(name, [plain('AssumedRole')]);
    default:
      return /^(?:aws|sts|iam):/.test(key)
        ? unknown(name, [unknownText()], 'its value is unknown')
        : absent(name, "requests to assume a role don't have this key");
  }
}

/** EKS makes the external ID: a file can refer to it, or have it once the association is there. A snapshot masks it. */
function externalId(name: string, { externalId: known, association }: RoleRequest, policy: PolicyDocument): Lookup {
  const values = valuesOfExternalId(policy);
  const reference = values.find((value) => refersToExternalId(value, association));
  if (reference) return { ...present(name, [reference]), identified: reference };
  const own = literal(known);
  if (own !== undefined && !values.some(({ value }) => value === masked)) return present(name, [plain(own)]);
  return unknown(name, [unknownText()], 'EKS makes the external ID when the association is created', true);
}

/** `${aws_eks_pod_identity_association.demo.external_id}`, `${Demo.ExternalId}`: the attribute of that very association. */
function refersToExternalId(text: Text, association: string | undefined): boolean {
  const [hole, another] = text.holes;
  if (!hole || another || association === undefined || !isHole(text)) return false;
  const words = hole.source.split(/[^A-Za-z0-9_-]+/).filter((word) => word !== '');
  return /^external_?id$/i.test(words[words.length - 1] ?? '') && words.slice(0, -1).includes(association);
}

function valuesOfExternalId({ statements }: PolicyDocument): Text[] {
  return statements.flatMap(({ condition }) =>
    (condition?.operators ?? []).flatMap(({ keys }) =>
      keys.flatMap(({ key, values }) => (key.value.toLowerCase() === 'sts:externalid' ? [...values.values] : [])),
    ),
  );
}

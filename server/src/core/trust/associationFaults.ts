import { refusals, type RefusalCode } from './refusals';
import type { PodIdentityAssociationFact, SessionPolicy } from '../model/facts';
import type { PolicyDocument, Statement } from '../model/policy';
import { isNamespaceName, isServiceAccountName, parseSubject } from '../model/subject';
import { headline, line } from '../text/message';
import type { Span } from '../text/span';
import type { Text } from '../text/text';
import { literal } from '../text/texts';

/** Why an association gives no pod a role, whatever its role's trust policy says. */
export interface AssociationFault {
  readonly part: 'namespace' | 'service-account' | 'session-policy';
  /** In the association's document. */
  readonly span: Span;
  /** The three lines of a finding. */
  readonly says: string;
  readonly atRunTime: string;
  readonly change: string;
  /** The same in a few words, for lenses and Explain. */
  readonly reason: string;
  /** Set where nothing but reports of users says so: then the association is still taken to work. */
  readonly unsure?: true;
  /** The value that was meant, and the text in whose place it belongs. */
  readonly meant?: { readonly text: Text; readonly value: string; readonly title: string };
}

/** What EKS, Kubernetes or IAM refuses in an association by itself, in the order of its fields. Holes are never faults. */
export function associationFaults(fact: PodIdentityAssociationFact): AssociationFault[] {
  const names = [
    fact.namespace && nameFault(fact.namespace, 'namespace', fact),
    fact.serviceAccount && nameFault(fact.serviceAccount, 'service-account', fact),
  ];
  return [...names.flatMap((fault) => fault ?? []), ...(fact.sessionPolicy ? policyFaults(fact.sessionPolicy, fact) : [])];
}

/** The first fault for which the association surely gives nobody a role. */
export function deadlyFault(fact: PodIdentityAssociationFact): AssociationFault | undefined {
  return associationFaults(fact).find(({ unsure }) => !unsure);
}

const words = { namespace: 'namespace', 'service-account': 'service account' } as const;

/** EKS compares the names literally. Sources: aws/containers-roadmap#2233, #2397; Kubernetes' rules for names, see model/subject.ts. */
function nameFault(text: Text, part: 'namespace' | 'service-account', fact: PodIdentityAssociationFact): AssociationFault | undefined {
  const word = words[part];
  const star = characterOutside(text, /[*?]/);
  if (star !== undefined)
    return {
      part,
      span: text.span,
      says: headline`EKS Pod Identity compares names literally: the ${word} ${text.value} matches no pod.`,
      atRunTime: 'An association has no wildcards, so no pod gets credentials from it.',
      change: 'Create one association for each namespace and service account.',
      reason: `the association's ${word} has a wildcard`,
    };
  if (isValid(text, part)) return undefined;
  const name = text.value.trim() === '' ? 'An empty text' : text.value;
  const meant = meantName(text, part, fact);
  return {
    part,
    span: text.span,
    says: headline`${name} is not a valid ${word} name.`,
    atRunTime: 'Kubernetes has no such name, so no pod gets credentials from this association.',
    change: meant
      ? line`Use ${meant}.`
      : part === 'namespace'
        ? 'Use lowercase letters, digits and hyphens, at most 63 characters.'
        : 'Use lowercase letters, digits, hyphens and dots, at most 253 characters.',
    reason: `the association's ${word} isn't a valid name`,
    ...(meant === undefined ? {} : { meant: { text, value: meant, title: line`Change the ${word} to ${meant}` } }),
  };
}

/** Whether a name is, or may be, valid: characters within holes may be any. */
function isValid(text: Text, part: 'namespace' | 'service-account'): boolean {
  const whole = literal(text);
  if (whole !== undefined) return part === 'namespace' ? isNamespaceName(whole) : isServiceAccountName(whole);
  return characterOutside(text, part === 'namespace' ? /[^a-z0-9-]/ : /[^a-z0-9.-]/) === undefined;
}

/** The offset of the first character outside of holes that a pattern for one character finds. */
function characterOutside({ value, holes }: Text, character: RegExp): number | undefined {
  let from = 0;
  for (const { start, end } of [...holes, { start: value.length, end: value.length }]) {
    const found = value.slice(from, start).search(character);
    if (found >= 0) return from + found;
    from = end;
  }
  return undefined;
}

/** A whole subject, or `namespace/name`, where the name of the account alone belongs. */
function meantName(text: Text, part: 'namespace' | 'service-account', { namespace }: PodIdentityAssociationFact): string | undefined {
  const value = literal(text);
  if (part !== 'service-account' || value === undefined || text.borrowed) return undefined;
  const subject = parseSubject(text);
  const [, before, after] = /^([^/]+)\/([^/]+)$/.exec(value) ?? [];
  const [own, name] = subject ? [subject.namespace.value, subject.name.value] : [before, after];
  if (name === undefined || !isServiceAccountName(name)) return undefined;
  return literal(namespace) === own ? name : undefined;
}

/** The maximum of a session policy. Source: STS API, AssumeRole; that EKS has the same maximum is reported by users alone. */
const longest = 2048;

/** The switch that turns session tags off, as the files of a format call it: Terraform has its own name for it. */
export function tagsSwitch({ uri }: Pick<PodIdentityAssociationFact['doc'], 'uri'>): string {
  return /\.(?:tf|tofu)(?:\.json)?$/i.test(uri) ? 'disable_session_tags' : 'disableSessionTags';
}

function policyFaults(of: SessionPolicy, { doc, disableSessionTags, sessionTagsDisabled }: PodIdentityAssociationFact): AssociationFault[] {
  const name = tagsSwitch(doc);
  const part = 'session-policy';
  const faults: AssociationFault[] = [];
  const tags = literal(disableSessionTags);
  if (!sessionTagsDisabled && (disableSessionTags === undefined || tags !== undefined))
    faults.push({
      part,
      span: disableSessionTags?.span ?? of.span,
      says: "The association has a session policy, but its session tags aren't disabled.",
      atRunTime: `EKS accepts a session policy only if ${name} is true (EKS API reference), so the association isn't created.`,
      change: `Set ${name} to true, or remove the session policy.`,
      reason: `its session policy needs ${name}`,
    });
  const length = lengthOf(of);
  if (length > longest)
    faults.push({
      part,
      span: of.span,
      says: headline`The session policy has ${String(length).replace(/\B(?=(\d{3})+$)/g, ',')} characters; the maximum is 2,048.`,
      atRunTime: "STS accepts at most 2,048 characters. For associations AWS doesn't document a maximum; users report the same one.",
      change: 'Shorten the session policy, or use a role of its own with fewer permissions.',
      reason: 'its session policy is too long',
      unsure: true,
    });
  const wrong = contentFault(of);
  if (wrong)
    faults.push({
      part,
      span: of.elsewhere ? of.span : wrong.span,
      says: wrong.says,
      atRunTime: 'A session policy must be a valid identity policy; IAM rejects this one with "MalformedPolicyDocument".',
      change: wrong.change,
      reason: "its session policy isn't valid",
    });
  return faults;
}

/** How many characters it has at least. White space counts; of what is made of an object, only the rest is known. */
function lengthOf({ text, policy }: SessionPolicy): number {
  const written = text ? text.value.trim().length - text.holes.reduce((sum, { start, end }) => sum + end - start, 0) : 0;
  return Math.max(written, policy?.quotaLength ?? 0);
}

interface ContentFault {
  readonly span: Span;
  readonly says: string;
  readonly change: string;
}

/** What is wrong in the policy's own text: it is no JSON, or no identity policy. */
function contentFault({ text, policy, span }: SessionPolicy): ContentFault | undefined {
  if (policy) return identityFault(policy);
  // A text that was not read as an object: surely no policy if nothing in it is filled in.
  if (!text || literal(text) === undefined || text.borrowed || text.value.trim() === '') return undefined;
  return { span, says: "The session policy isn't a JSON object.", change: 'Write the policy as JSON.' };
}

/** Refusals of trust policies that hold for every policy. */
const ofAnyPolicy: ReadonlySet<RefusalCode> = new Set<RefusalCode>([
  'json',
  'duplicate-key',
  'wrong-type',
  'characters',
  'version',
  'statement-missing',
  'statement-empty',
  'effect-missing',
  'effect-invalid',
  'action-missing',
  'action-and-not-action',
  'operator-unknown',
]);

/** Why IAM refuses a policy as one of an identity. Source: IAM user guide, grammar of the policy language; elements Principal and Resource. */
function identityFault(policy: PolicyDocument): ContentFault | undefined {
  const found: ContentFault[] = [];
  for (const { code, sure, span, message } of refusals(policy))
    if (sure && ofAnyPolicy.has(code)) found.push({ span, says: message, change: 'Correct the session policy.' });
  for (const statement of policy.statements) {
    const fault = statementFault(statement);
    if (fault) found.push(fault);
  }
  return found.sort((a, b) => a.span.start - b.span.start)[0];
}

function statementFault({ principal, notPrincipal, resource, notResource, open, span }: Statement): ContentFault | undefined {
  const named = principal ?? notPrincipal;
  if (named)
    return {
      span: named.key.span,
      says: `${principal ? 'Principal' : 'NotPrincipal'} isn't allowed in a session policy.`,
      change: 'Remove it: a session policy restricts the session that it is for.',
    };
  if (!resource && !notResource && !open)
    return { span: start(span), says: 'A statement of the session policy has no Resource.', change: 'Add Resource.' };
  return undefined;
}

/** The beginning of a statement: a mark over all of it would hide what is in it. */
function start(span: Span): Span {
  return { start: span.start, end: Math.min(span.end, span.start + 1) };
}

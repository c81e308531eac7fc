import { literal } from '../text/texts';
import { webhookRoleArnPattern } from '../model/arn';
import type { AnnotationFact, Fact } from '../model/facts';
import { rewrite } from './support/edits';
import { meantKey, type MeantKey } from '../model/meantKey';
import { headline, lines } from '../text/message';
import type { Rule, RuleContext } from './rule';

/** The page: see pages.ts. */
export const doc = `
Finds annotation keys that are similar to one of the webhook's: \`eks.amazon.com/role-arn\`, \`eks.amazonaws.com/role_arn\`,
\`eks.amazonaws.com/token-expiry\`, and kube2iam's \`iam.amazonaws.com/role\` on a service account.

## Why

The EKS webhook reads five keys and ignores all others. A misspelt key has no effect, and there is no error: the pod starts
without \`AWS_ROLE_ARN\`, and its calls use the node role, or fail with \`Unable to locate credentials\`.

## Wrong

\`\`\`yaml
metadata:
  annotations:
    eks.amazon.com/role_arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

## Right

\`\`\`yaml
metadata:
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/demo-role
\`\`\`

Other keys under the same prefix (\`compute-type\`, \`nodegroup\`, …) aren't reported, and neither is a misspelt key next to the
right one: that service account works. kube2iam's key on a pod isn't reported either: kube2iam reads it.

## When to turn it off

If your own webhook runs with another \`--annotation-prefix\` that is similar to EKS's.
`;

/** A key that is similar to one of the webhook's. */
export const annotationKeyMisspelt: Rule = {
  id: 'annotation-key-misspelt',
  level: 'error',
  title: 'The annotation key is misspelt, so EKS ignores it',
  fixable: true,
  since: '0.1.0',
  source: 'amazon-eks-pod-identity-webhook pkg/annotations.go, pkg/cache/cache.go, pkg/handler/handler.go',
  checks: {
    annotation(fact: AnnotationFact, context: RuleContext): void {
      const key = literal(fact.key);
      const found = key === undefined ? undefined : meantKey(key);
      if (!key || !found || !isSure(found, fact) || hasRightKey(found, fact, context)) return;
      const written = /\s/.test(key) ? JSON.stringify(key) : key;
      context.report({
        doc: fact.doc,
        span: fact.key.span,
        message: lines(
          found.wrong === 'kube2iam'
            ? headline`The EKS webhook ignores ${written}, which is kube2iam's annotation.`
            : headline`The EKS webhook ignores the annotation ${written}.`,
          effects[found.meant.short],
          `Use ${found.meant.key}.`,
        ),
        fixes: [{ title: `Use ${found.meant.key}`, edits: [rewrite(fact.doc, fact.key, found.meant.key)], safe: keepsSense(found, fact) }],
      });
    },
  },
};

/** The effect of a missing key. */
const effects: Readonly<Record<string, string>> = {
  'role-arn': 'Pods get no role: their calls use the node role or fail with "Unable to locate credentials".',
  audience: 'Tokens keep the default audience, sts.amazonaws.com.',
  'token-expiration': 'Tokens keep the default expiration of 86400 seconds.',
  'sts-regional-endpoints': "The cluster's default for STS endpoints stays in effect.",
  'skip-containers': 'No container is skipped, so all of them get credentials.',
};

/** Whether the key can only have been meant for the webhook, by its place. */
function isSure({ meant, wrong }: MeantKey, fact: AnnotationFact): boolean {
  switch (fact.place) {
    case 'service-account':
      return wrong !== 'bare' || webhookRoleArnPattern.test(literal(fact.value) ?? '');
    case 'pod-template':
      // kube2iam and kiam read theirs on pods.
      return (wrong === 'name' || wrong === 'prefix') && (meant.on.includes('pod-template') || wrong === 'name');
    case 'workload':
    case 'unknown':
      return wrong === 'name';
    default:
      return false;
  }
}

/** True if the account has the right key too: then it works, and the misspelt one is a leftover. */
function hasRightKey({ meant }: MeantKey, fact: AnnotationFact, context: RuleContext): boolean {
  const keys = keysIn(context.wiring.factsIn(fact.doc));
  const key = `${fact.place} ${meant.key}`;
  const offset = fact.insertAnnotation?.offset;
  return offset === undefined
    ? keys.has(`${key} of ${ownerOf(fact)}`)
    : keys.has(`${key} at ${offset}`) || keys.has(`${key} only of ${ownerOf(fact)}`);
}

const known = new WeakMap<readonly Fact[], ReadonlySet<string>>();

/** The keys of a document's annotations with their owners: by where annotations of the owner go, or else by its name's place. */
function keysIn(facts: readonly Fact[]): ReadonlySet<string> {
  let keys = known.get(facts);
  if (!keys) known.set(facts, (keys = readKeys(facts)));
  return keys;
}

function readKeys(facts: readonly Fact[]): Set<string> {
  const keys = new Set<string>();
  for (const fact of facts) {
    const written = fact.kind === 'annotation' ? literal(fact.key) : undefined;
    if (fact.kind !== 'annotation' || written === undefined) continue;
    const key = `${fact.place} ${written}`;
    const offset = fact.insertAnnotation?.offset;
    keys.add(`${key} of ${ownerOf(fact)}`);
    keys.add(offset === undefined ? `${key} only of ${ownerOf(fact)}` : `${key} at ${offset}`);
  }
  return keys;
}

function ownerOf({ owner }: AnnotationFact): string {
  return `${owner.kind} ${owner.name?.span.start}`;
}

/** kube2iam accepts a bare role name, which the webhook doesn't. */
function keepsSense({ meant, wrong }: MeantKey, fact: AnnotationFact): boolean {
  if (meant.short !== 'role-arn') return true;
  const value = fact.value;
  if (!value) return false;
  return value.holes.length > 0 ? wrong !== 'kube2iam' : webhookRoleArnPattern.test(value.value);
}
